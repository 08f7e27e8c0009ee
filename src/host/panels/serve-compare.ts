import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { COMPARE_DATA } from '../../protocol/panels/compare-data.ts';
import type { CompareDataCalls } from '../../protocol/panels/compare-data.ts';
import { ownState } from '../../protocol/run-state.ts';
import { openServer } from '../../protocol/rpc.ts';
import type { Handlers, Port } from '../../protocol/rpc.ts';
import { foldBatch } from '../../runs/log/fold-log.ts';
import { openEventReader } from '../../runs/log/read-events.ts';
import { comparisonOf, curvesOf, readComparedRun } from './compared-runs.ts';

/** Runs that train change this often in the comparison; it is no live view. */
const LOOK_MS = 2000;

/** Serves `COMPARE_DATA` of a runs folder on a port, until disposed; blocks now and then, so it runs in a worker. */
export function serveCompare(port: Port, runsFolder: string): { dispose(): void } {
  let following = new AbortController();

  const handlers: Handlers<CompareDataCalls> = {
    async open({ runIds }) {
      following.abort();
      following = new AbortController();
      const runs = await readRuns(runIds);
      void follow(runIds, JSON.stringify(runs), following.signal);
      for (const id of runIds) void followCurves(id, following.signal);
      return { runs };
    },
    deltas: async ({ runIds, baselineId, metric }) => ({
      rows: await comparisonOf(runsFolder, runIds, baselineId, metric),
    }),
  };
  const server = openServer(port, COMPARE_DATA, handlers);

  const readRuns = (runIds: readonly string[]) => Promise.all(runIds.map((id) => readComparedRun(runsFolder, id)));

  async function follow(runIds: readonly string[], first: string, signal: AbortSignal): Promise<void> {
    let last = first;
    while (await stillWanted(signal)) {
      const runs = await readRuns(runIds);
      const now = JSON.stringify(runs);
      if (now !== last) server.notify('runs', { runs });
      last = now;
    }
  }

  async function followCurves(id: string, signal: AbortSignal): Promise<void> {
    const reader = openEventReader(join(runsFolder, id));
    let state = ownState();
    let hasNews = false;
    let isMore = false;
    do {
      // An unreadable log is told by the run's row; the look after may find it mended.
      const batch = await reader.read().catch(() => undefined);
      isMore = batch?.isMore === true;
      if (batch === undefined || signal.aborted) continue;
      state = foldBatch(state, batch);
      hasNews ||= batch.events.length > 0 || batch.isRestart;
      if (isMore || !hasNews) continue;
      server.notify('curves', curvesOf(id, state));
      hasNews = false;
    } while (isMore ? !signal.aborted : await stillWanted(signal));
  }

  return {
    dispose() {
      following.abort();
      server.dispose();
    },
  };
}

/** Waits for the next look; false once nobody wants it. */
async function stillWanted(signal: AbortSignal): Promise<boolean> {
  await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
}
