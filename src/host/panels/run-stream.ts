import type { EvaluationEvent } from '../../protocol/events.ts';
import type { ColumnsChange, RunFacts, RunUpdate } from '../../protocol/panels/run-updates.ts';
import { ownState, remainingMs, STEP_COLUMNS, SYSTEM_COLUMNS, throughput } from '../../protocol/run-state.ts';
import type { Columns, RunState } from '../../protocol/run-state.ts';
import { foldBatch } from '../../runs/log/fold-log.ts';
import type { EventBatch } from '../../runs/log/read-events.ts';

/** Turns batches of events into updates. The state's columns grow in place, because copies of a long run's at each update add up to megabytes a second. */
export interface RunStream {
  add(batch: Pick<EventBatch, 'events' | 'badLines' | 'isRestart'>): void;
  /** What changed since the last update; undefined when nothing did. */
  take(): RunUpdate | undefined;
  readonly state: RunState;
}

/** Opens a stream whose first update tells everything. */
export function openRunStream(): RunStream {
  let state = ownState();
  /** Rows that were sent and still count. */
  let nSent = { steps: 0, system: 0 };
  let sentEvaluations: readonly EvaluationEvent[] = [];
  let hasNews = true;

  function take(): RunUpdate | undefined {
    if (!hasNews) return undefined;
    hasNews = false;
    const keepEvaluations = commonPrefix(sentEvaluations, state.evaluations);
    const update: RunUpdate = {
      facts: factsOf(state),
      steps: rowsFrom(state.steps, STEP_COLUMNS, nSent.steps),
      system: rowsFrom(state.system, SYSTEM_COLUMNS, nSent.system),
      evaluations: { keep: keepEvaluations, rows: state.evaluations.slice(keepEvaluations) },
      ...optionalNumbers({ pairsPerSecond: throughput(state)?.pairs, remainingMs: remainingMs(state) }),
      sentAt: Date.now(),
    };
    nSent = { steps: state.steps.step.length, system: state.system.t.length };
    sentEvaluations = state.evaluations;
    return update;
  }

  return {
    add(batch) {
      if (batch.isRestart) nSent = { steps: 0, system: 0 };
      for (const event of batch.events) {
        if (event.type === 'resumed') nSent.steps = keptRows(state.steps.step, nSent.steps, event.fromStep);
      }
      state = foldBatch(state, batch);
      hasNews = true;
    },
    take,
    get state() {
      return state;
    },
  };
}

/** Of the `n` rows that were sent, how many a resume from `fromStep` leaves. Steps ascend. */
function keptRows(steps: readonly number[], n: number, fromStep: number): number {
  let kept = n;
  while (kept > 0 && steps[kept - 1]! > fromStep) kept--;
  return kept;
}

function commonPrefix<T>(before: readonly T[], after: readonly T[]): number {
  const n = Math.min(before.length, after.length);
  let same = 0;
  while (same < n && before[same] === after[same]) same++;
  return same;
}

function rowsFrom<K extends string>(columns: Columns<K>, names: readonly K[], keep: number): ColumnsChange<K> {
  const rows = Object.fromEntries(names.map((name) => [name, Float64Array.from(columns[name].slice(keep))]));
  return { keep, rows: rows as Record<K, Float64Array> };
}

const SENT_APART = new Set<string>(['steps', 'system', 'evaluations', 'checkpoints']);

function factsOf(state: RunState): RunFacts {
  const rest = Object.fromEntries(Object.entries(state).filter(([key]) => !SENT_APART.has(key)));
  return { ...(rest as Omit<RunFacts, 'lastCheckpoint'>), lastCheckpoint: state.checkpoints.at(-1) };
}

function optionalNumbers<K extends string>(values: Record<K, number | undefined>): Partial<Record<K, number>> {
  const present = Object.entries<number | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Partial<Record<K, number>>;
}
