import type { EvaluationEvent, RunEvent } from '../../protocol/events.ts';
import type { ColumnsChange, RunFacts, RunUpdate } from '../../protocol/panels/run-updates.ts';
import { foldInto, ownState, remainingMs, STEP_COLUMNS, SYSTEM_COLUMNS, throughput } from '../../protocol/run-state.ts';
import type { Columns, RunState } from '../../protocol/run-state.ts';

/** Turns batches of events into updates. The state's columns grow in place, because copies of a long run's at each update add up to megabytes a second. */
export interface RunStream {
  add(events: readonly RunEvent[]): void;
  /** Forgets everything: the log was replaced. */
  restart(): void;
  /** What changed since the last update; undefined when nothing did. */
  take(): RunUpdate | undefined;
  readonly state: RunState;
}

/** Opens a stream whose first update tells everything. */
export function openRunStream(): RunStream {
  let state = ownState();
  let waiting: RunEvent[] = [];
  let sent = { nSteps: 0, nSystem: 0, evaluations: [] as readonly EvaluationEvent[] };
  let isFirst = true;

  function take(): RunUpdate | undefined {
    if (waiting.length === 0 && !isFirst) return undefined;
    const resumes = waiting.flatMap((event) => (event.type === 'resumed' ? event.fromStep : []));
    const keepSteps = keptRows(state.steps.step, Math.min(sent.nSteps, state.steps.step.length), Math.min(...resumes));
    state = foldInto(state, waiting);
    waiting = [];
    isFirst = false;
    const keepEvaluations = commonPrefix(sent.evaluations, state.evaluations);
    const update: RunUpdate = {
      facts: factsOf(state),
      steps: rowsFrom(state.steps, STEP_COLUMNS, keepSteps),
      system: rowsFrom(state.system, SYSTEM_COLUMNS, sent.nSystem),
      evaluations: { keep: keepEvaluations, rows: state.evaluations.slice(keepEvaluations) },
      ...optionalNumbers({ pairsPerSecond: throughput(state)?.pairs, remainingMs: remainingMs(state) }),
      sentAt: Date.now(),
    };
    sent = { nSteps: state.steps.step.length, nSystem: state.system.t.length, evaluations: state.evaluations };
    return update;
  }

  return {
    add(events) {
      // Not push(...events): a whole log of a hundred thousand events is more than a call takes.
      waiting = waiting.length === 0 ? [...events] : waiting.concat(events);
    },
    restart() {
      state = ownState();
      waiting = [];
      sent = { nSteps: 0, nSystem: 0, evaluations: [] };
      isFirst = true;
    },
    take,
    get state() {
      return state;
    },
  };
}

/** Of the `n` rows that were sent, how many a resume from `fromStep` (Infinity without one) leaves. Steps ascend. */
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

const OWN_WAY = new Set<string>(['steps', 'system', 'evaluations', 'checkpoints']);

function factsOf(state: RunState): RunFacts {
  const rest = Object.fromEntries(Object.entries(state).filter(([key]) => !OWN_WAY.has(key)));
  return { ...(rest as Omit<RunFacts, 'lastCheckpoint'>), lastCheckpoint: state.checkpoints.at(-1) };
}

function optionalNumbers<K extends string>(values: Record<K, number | undefined>): Partial<Record<K, number>> {
  const known = Object.entries<number | undefined>(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Partial<Record<K, number>>;
}
