import { setTimeout as delay } from 'node:timers/promises';
import { tailEvents } from '../../process/tail.ts';
import { foldEvents, NO_EVENTS, STEP_COLUMNS, SYSTEM_COLUMNS } from '../../protocol/run-state.ts';
import type { Columns, RunState } from '../../protocol/run-state.ts';

/** Steps that a followed state keeps: enough for speed and remaining time, so that memory stays flat. */
const KEPT_STEPS = 100;

/**
 * Calls `onState` with the state of a run each time that it has changed, at most every `pauseMs`, until the run ends or
 * `signal` aborts. What comes meanwhile is read as one batch.
 */
export async function followRun(
  runDir: string,
  onState: (state: RunState) => void,
  signal: AbortSignal,
  pauseMs: number,
): Promise<void> {
  let state = NO_EVENTS;
  for await (const { events, isRestart } of tailEvents(runDir, { signal })) {
    state = latestSteps(foldEvents(isRestart ? NO_EVENTS : state, events));
    onState(state);
    await delay(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
  }
}

function latestSteps(state: RunState): RunState {
  return {
    ...state,
    steps: lastRows(state.steps, STEP_COLUMNS, KEPT_STEPS),
    system: lastRows(state.system, SYSTEM_COLUMNS, 1),
  };
}

function lastRows<K extends string>(columns: Columns<K>, names: readonly K[], n: number): Columns<K> {
  return Object.fromEntries(names.map((name) => [name, columns[name].slice(-n)])) as unknown as Columns<K>;
}
