import type { EvaluationEvent } from '../../src/protocol/events.ts';
import type { RunAbout } from '../../src/protocol/panels/run-data.ts';
import type { RunFacts, RunUpdate } from '../../src/protocol/panels/run-updates.ts';
import { STEP_COLUMNS, SYSTEM_COLUMNS } from '../../src/protocol/run-state.ts';
import type { StepColumn, SystemColumn } from '../../src/protocol/run-state.ts';
import { growingColumns } from '../shared/columns.ts';
import type { GrowingColumns } from '../shared/columns.ts';

/** Training pairs per second of each step. */
const SPEED = 'pairsPerSecond';

/** Everything the panel knows of its run. */
export interface RunModel {
  readonly about: RunAbout | undefined;
  readonly facts: RunFacts | undefined;
  readonly steps: GrowingColumns<StepColumn | typeof SPEED>;
  readonly system: GrowingColumns<SystemColumn>;
  readonly evaluations: readonly EvaluationEvent[];
  readonly pairsPerSecond: number | undefined;
  readonly remainingMs: number | undefined;
  setAbout(about: RunAbout): void;
  apply(update: RunUpdate): void;
}

/** A model of a run of which nothing is known yet. */
export function createRunModel(): RunModel {
  const steps = growingColumns([...STEP_COLUMNS, SPEED]);
  const system = growingColumns(SYSTEM_COLUMNS);
  let about: RunAbout | undefined;
  let last: RunUpdate | undefined;
  let evaluations: readonly EvaluationEvent[] = [];
  return {
    get about() {
      return about;
    },
    get facts() {
      return last?.facts;
    },
    steps,
    system,
    get evaluations() {
      return evaluations;
    },
    get pairsPerSecond() {
      return last?.pairsPerSecond;
    },
    get remainingMs() {
      return last?.remainingMs;
    },
    setAbout: (latest) => void (about = latest),
    apply(update) {
      last = update;
      const { keep, rows } = update.steps;
      const speed = rows.nPairs.map((n, i) => (1000 * n) / (rows.ms[i]! || NaN));
      steps.apply({ keep, rows: { ...rows, [SPEED]: speed } });
      system.apply(update.system);
      evaluations = [...evaluations.slice(0, update.evaluations.keep), ...update.evaluations.rows];
    },
  };
}
