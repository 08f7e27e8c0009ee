import { setTimeout as delay } from 'node:timers/promises';
import { tailEvents } from '../../process/tail.ts';
import { ownState } from '../../protocol/run-state.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { foldBatch, LATEST_STEPS, latestRows } from '../../runs/log/fold-log.ts';

/**
 * Calls `onState` with the state of a run, of which only the latest steps are kept, each time that it has changed, at most every
 * `pauseMs`, until the run ends or `signal` aborts. What comes meanwhile is told at once.
 */
export async function watchRunState(
  runDir: string,
  onState: (state: RunState) => void,
  signal: AbortSignal,
  pauseMs: number,
): Promise<void> {
  let state = ownState();
  for await (const batch of tailEvents(runDir, { signal })) {
    state = latestRows(foldBatch(state, batch), LATEST_STEPS);
    if (batch.isMore) continue;
    onState(state);
    await delay(pauseMs, undefined, { ref: false, signal }).catch(() => undefined);
  }
}
