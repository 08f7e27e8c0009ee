/** The state of a run from its log, folded while it is read: a log of any length takes no more memory than its state. */
import { foldInto, ownState, STEP_COLUMNS, SYSTEM_COLUMNS } from '../../protocol/run-state.ts';
import type { Columns, RunState } from '../../protocol/run-state.ts';
import { openEventReader } from './read-events.ts';
import type { EventBatch, EventReader } from './read-events.ts';

export interface FoldOptions {
  /** Whether no trainer writes any more: an unfinished last line then counts as torn. */
  readonly isOver?: boolean;
  /** How many steps the state keeps at least, the latest; all without it. */
  readonly keptSteps?: number;
  /** Ends the fold with what was read so far. */
  readonly signal?: AbortSignal;
}

/** Steps that are enough for speed and remaining time, where no curve is drawn. */
export const LATEST_STEPS = 100;

/** What was read of a run, and the reader that goes on from there. */
export interface FoldedLog {
  readonly state: RunState;
  readonly reader: EventReader;
}

/** Reads a run's log to its end. @throws ProblemError `newer-version` */
export async function foldLog(runDir: string, options: FoldOptions = {}): Promise<FoldedLog> {
  const { isOver = false, keptSteps = Infinity, signal } = options;
  const reader = openEventReader(runDir);
  let state = ownState();
  for (let isMore = true; isMore && signal?.aborted !== true;) {
    const batch = await reader.read();
    state = latestRows(foldBatch(state, batch), keptSteps);
    isMore = batch.isMore;
  }
  if (isOver && signal?.aborted !== true) state = foldBatch(state, { ...reader.finish(), isRestart: false });
  return { state, reader };
}

/** A state from `ownState` after a batch; its columns grow in place. */
export function foldBatch(state: RunState, batch: Pick<EventBatch, 'events' | 'badLines' | 'isRestart'>): RunState {
  return foldInto(batch.isRestart ? ownState() : state, batch.events, batch.badLines);
}

/** The state with at most twice the latest rows that are wanted, so that few batches copy any. */
export function latestRows(state: RunState, nSteps: number): RunState {
  if (state.steps.step.length <= 2 * nSteps && state.system.t.length <= 2 * nSteps) return state;
  return {
    ...state,
    steps: lastRows(state.steps, STEP_COLUMNS, nSteps),
    system: lastRows(state.system, SYSTEM_COLUMNS, nSteps),
  };
}

function lastRows<K extends string>(columns: Columns<K>, names: readonly K[], n: number): Columns<K> {
  return Object.fromEntries(names.map((name) => [name, columns[name].slice(-n)])) as unknown as Columns<K>;
}
