import type { EvaluationEvent } from '../../src/protocol/events.ts';
import type { RunAbout } from '../../src/protocol/panels/run-data.ts';
import type { RunFacts } from '../../src/protocol/panels/run-updates.ts';
import type { StepColumn, SystemColumn } from '../../src/protocol/run-state.ts';
import type { GrowingColumns } from '../shared/columns.ts';

/** Everything that is known of a run at one moment. */
export interface RunSnapshot {
  readonly about: RunAbout | undefined;
  readonly facts: RunFacts | undefined;
  /** Of each step, with the training pairs per second; columns grow in place, and a new snapshot says that they did. */
  readonly steps: GrowingColumns<StepColumn | 'pairsPerSecond'>;
  /** Samples of the machine; they grow as the steps do. */
  readonly system: GrowingColumns<SystemColumn>;
  readonly evaluations: readonly EvaluationEvent[];
  readonly pairsPerSecond: number | undefined;
  readonly remainingMs: number | undefined;
}
