import { signal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import type { RunAbout } from '../../src/protocol/panels/run-data.ts';
import type { RunUpdate } from '../../src/protocol/panels/run-updates.ts';
import { STEP_COLUMNS, SYSTEM_COLUMNS } from '../../src/protocol/run-state.ts';
import { growingColumns } from '../shared/columns.ts';
import { onFrame } from '../shared/dom.ts';
import type { RunSnapshot } from './run-snapshot.ts';

/** What the panel knows of its run, from the updates of the host. */
export interface RunModel {
  /** Follows the updates once a frame, however many come. */
  readonly shown: ReadonlySignal<RunSnapshot>;
  /** With every update that has come. */
  readonly latest: RunSnapshot;
  setAbout(about: RunAbout): void;
  apply(update: RunUpdate): void;
}

/** A model of a run of which nothing is known yet. `onShown` hears of each change of `shown`, once what follows it is drawn. */
export function createRunModel(onShown: () => void): RunModel {
  const steps = growingColumns([...STEP_COLUMNS, 'pairsPerSecond']);
  const system = growingColumns(SYSTEM_COLUMNS);
  let latest: RunSnapshot = {
    about: undefined,
    facts: undefined,
    steps,
    system,
    evaluations: [],
    pairsPerSecond: undefined,
    remainingMs: undefined,
  };
  const shown = signal(latest);
  const show = onFrame(() => {
    shown.value = latest;
    // Preact draws in a microtask that was asked for just now.
    queueMicrotask(onShown);
  });
  return {
    shown,
    get latest() {
      return latest;
    },
    setAbout(about) {
      latest = { ...latest, about };
      show();
    },
    apply({ facts, pairsPerSecond, remainingMs, steps: { keep, rows }, system: samples, evaluations }) {
      const speed = rows.nPairs.map((n, i) => (1000 * n) / (rows.ms[i]! || NaN));
      steps.apply({ keep, rows: { ...rows, pairsPerSecond: speed } });
      system.apply(samples);
      const kept = latest.evaluations.slice(0, evaluations.keep);
      latest = { ...latest, facts, pairsPerSecond, remainingMs, evaluations: [...kept, ...evaluations.rows] };
      show();
    },
  };
}
