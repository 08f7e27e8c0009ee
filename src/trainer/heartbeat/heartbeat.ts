import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { writeProblem } from '../../files/os-problem.ts';
import { runPaths } from '../../runs/layout.ts';
import { openEventClock } from '../../runs/log/event-clock.ts';
import type { EventClock } from '../../runs/log/event-clock.ts';
import type { GpuSource } from '../gpu-source.ts';

/** The thread's program beside the trainer's bundle: scripts/build.mjs makes dist/heartbeat.js of thread.ts. */
const BESIDE_TRAINER = new URL('./heartbeat.js', import.meta.url);

/** What the thread is started with. */
export interface HeartbeatOptions {
  /** Path of the file that shows when the trainer last lived. */
  readonly heartbeat: string;
  /** Path of the event log. */
  readonly events: string;
  readonly everyMs: number;
  readonly nCores: number;
  /** Of the run's clock (`EventClock`). */
  readonly offsetMs: number;
}

/** What the thread is told: whom to ask for the load of GPUs, or to end. */
export type HeartbeatMessage = GpuSource | 'stop';

/** A thread that shows that the trainer lives. */
export interface Heartbeat {
  /** Adds the load of the busiest GPU to the samples from now on; what cannot be read is left out. */
  watchGpus(source: GpuSource): void;
  /** Ends the thread; no further event is written once this is done. */
  stop(): Promise<void>;
}

/**
 * Starts the heartbeat of a run: a thread, because the main thread stands still in native code for seconds. Each `everyMs`
 * it writes `heartbeat` and appends a `system` event (cpu share of all cores, resident bytes), stamped by `clock`. Open the event log first: a
 * torn last line must be ended before the first beat. The thread does not keep the process alive. Who is no bundle in dist/ says where
 * the thread's `program` is.
 * @throws ProblemError `cannot-write` and its kin when the heartbeat cannot be written
 */
export function startHeartbeat(
  runDir: string,
  {
    everyMs = 1000,
    clock = openEventClock(),
    program = BESIDE_TRAINER,
  }: { everyMs?: number; clock?: EventClock; program?: URL } = {},
): Heartbeat {
  const heartbeat = runPaths.heartbeat(runDir);
  try {
    closeSync(openSync(heartbeat, 'w'));
  } catch (error) {
    throw writeProblem(error, heartbeat);
  }
  const options: HeartbeatOptions = {
    heartbeat,
    events: runPaths.events(runDir),
    everyMs,
    nCores: availableParallelism(),
    offsetMs: clock.offsetMs,
  };
  // Flags of the main thread (loaders, inspectors) are of no use to this program.
  const worker = new Worker(program, { execArgv: [], workerData: options });
  worker.unref();
  // Without a heartbeat a run shows as stale, which is better than ending it.
  worker.on('error', (error) => console.error('The heartbeat stopped:', error));
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const post = (message: HeartbeatMessage): void => worker.postMessage(message);
  return {
    watchGpus: post,
    async stop() {
      worker.ref();
      post('stop');
      await exited;
    },
  };
}
