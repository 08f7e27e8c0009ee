/** A workspace with more in it than anybody has: many runs, a very long one with many queries, and one that goes on quickly. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { annotate } from '../../../src/runs/annotation.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { startBuiltHeartbeat } from '../../runs/built-heartbeat.ts';
import { identifySelf } from '../../../src/files/process-identity.ts';
import { emptyWorkspace } from '../../e2e/example-workspace.ts';
import { writeExampleRun } from '../../e2e/example-runs.ts';
import { makeLargeRankings } from '../../webview/large-rankings.ts';
import { makeRun } from '../../webview/make-run.ts';

/** How much there is. */
export interface Load {
  readonly nRuns: number;
  readonly nSteps: number;
  readonly nQueries: number;
  /** Events a second into the run that goes on. */
  readonly eventsPerSecond: number;
  readonly seconds: number;
}

/** Names of the two runs that are opened. */
export const LONG = 'long';
export const LIVE = 'live';

/** Runs that come while the tree is shown. */
export const N_NEW = 5;

/** Steps that the run that goes on has at first. */
export const N_FIRST = 20;

const AT_ONCE = 20;
const MINUTE = 60_000;

/** The workspace, and the end of a trainer's work in it. */
export interface LoadedWorkspace {
  readonly folder: string;
  /** Folder of the run that goes on. */
  readonly live: string;
  /** Writes new runs, one after the other, and gives each a title, which is its last change. */
  addRuns(): Promise<void>;
  /** Appends events to the run that goes on, at an even pace; gives when each of its steps was written, by step. */
  write(): Promise<ReadonlyMap<number, number>>;
  /** Ends the trainer's sign of life. */
  dispose(): Promise<void>;
}

/** Writes the workspace into a temporary folder. */
export async function loadedWorkspace({ nRuns, nSteps, nQueries, ...pace }: Load): Promise<LoadedWorkspace> {
  const folder = emptyWorkspace();
  const runsFolder = join(folder, 'runs');
  for (let i = 0; i < nRuns; i += AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, nRuns - i) }, (_, j) =>
        writeExampleRun(runsFolder, {
          ...{ name: `run ${i + j}`, status: 'finished', steps: 5, ageMs: (10 + i + j) * MINUTE },
          test: [0.8, 0.8 + (((i + j) * 7919) % 1000) / 1e4],
        }),
      ),
    );
  }
  const long = await makeRun(runsFolder, {
    ...{ id: '20260504-120000-long-aaaaaa', nSteps, status: 'finished', nCopies: 0 },
    record: { name: LONG },
  });
  await makeLargeRankings(long, nQueries);
  const live = await makeRun(runsFolder, {
    ...{ id: '20260504-130000-live-bbbbbb', nSteps, nDone: N_FIRST, status: 'running' },
    record: { name: LIVE, process: await identifySelf() },
  });
  const heartbeat = startBuiltHeartbeat(live);
  return {
    folder,
    live,
    addRuns: () => addRuns(runsFolder),
    async write() {
      const written = new Map<number, number>();
      await writeEvenly(live, pace, (step, t) => written.set(step, t));
      return written;
    },
    dispose: () => heartbeat.stop(),
  };
}

async function addRuns(runsFolder: string): Promise<void> {
  for (let i = 0; i < N_NEW; i++) {
    const run = { name: `new ${i}`, status: 'finished', steps: 5, ageMs: MINUTE, test: [0.8, 0.81] } as const;
    const runDir = await writeExampleRun(runsFolder, run);
    await delay(SEEN_MS);
    await annotate(runDir, { title: titleOf(i) });
    await delay(SEEN_MS);
  }
}

/** What a run that came is called in the end. */
export function titleOf(i: number): string {
  return `titled ${i}`;
}

/** Longer than the editor waits for changes to settle. */
const SEEN_MS = 500;
const BURST_MS = 50;
/** A step and the machine's load, as a trainer writes them. */
const EVENTS_PER_STEP = 2;

/** Appends events to a run that has `N_FIRST` steps, at an even pace; tells of each step and when it was written. */
export async function writeEvenly(
  runDir: string,
  { eventsPerSecond, seconds }: Pick<Load, 'eventsPerSecond' | 'seconds'>,
  onStep: (step: number, t: number) => void,
): Promise<void> {
  const log = openEventLog(runDir);
  let nWritten = 0;
  const start = Date.now();
  const nSteps = Math.round((eventsPerSecond / EVENTS_PER_STEP) * seconds);
  while (nWritten < nSteps) {
    await delay(BURST_MS);
    const t = Date.now();
    const due = Math.min(nSteps, Math.floor(((t - start) / 1000) * (eventsPerSecond / EVENTS_PER_STEP)));
    const events: RunEvent[] = [];
    for (; nWritten < due; nWritten++) {
      const step = N_FIRST + 1 + nWritten;
      onStep(step, t);
      const loss = 0.1 + 0.02 * Math.sin(step / 9);
      const size = { nPairs: 16, nTokens: 640, ms: 10 };
      events.push({ type: 'step', t, step, epoch: step / 1000, loss, lr: 1e-5, gradNorm: 1, ...size });
      events.push({ type: 'system', t, cpu: 0.9, rss: 9e8 });
    }
    log.append(...events);
  }
  log.close();
}
