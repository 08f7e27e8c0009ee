import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { runPaths } from './layout.ts';
import { writeProblem } from './write-file.ts';

/**
 * The thread's program: a text, because the trainer is bundled into one file and a thread from a text needs no other.
 * It touches the heartbeat and appends a `system` event, one line of less than 4 kB in one write with O_APPEND, which does
 * not mix with the main thread's lines. A full disk must not end the run from here: errors wait for the next beat.
 */
const PROGRAM = `
const { appendFileSync, writeFileSync } = require('node:fs');
const { workerData, parentPort } = require('node:worker_threads');
const { heartbeat, events, everyMs, nCores } = workerData;
let lastCpu = process.cpuUsage();
let lastTime = process.hrtime.bigint();
function beat() {
  const time = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const busyUs = cpu.user + cpu.system - lastCpu.user - lastCpu.system;
  const share = busyUs / (Number(time - lastTime) / 1000) / nCores;
  lastCpu = cpu;
  lastTime = time;
  const event = { type: 'system', t: Date.now(), cpu: Math.min(1, Math.max(0, Math.round(share * 1000) / 1000)), rss: process.memoryUsage.rss() };
  try { writeFileSync(heartbeat, String(event.t)); } catch {}
  try { appendFileSync(events, JSON.stringify(event) + '\\n'); } catch {}
}
const timer = setInterval(beat, everyMs);
parentPort.once('message', () => { clearInterval(timer); parentPort.close(); });
`;

/** A thread that shows that the trainer lives. */
export interface Heartbeat {
  /** Ends the thread; no further event is written once this is done. */
  stop(): Promise<void>;
}

/**
 * Starts the heartbeat of a run: a thread, because the main thread stands still in native code for seconds. Each `everyMs`
 * it writes `heartbeat` and appends a `system` event (cpu share of all cores, resident bytes). Open the event log first: a
 * torn last line must be ended before the first beat. The thread does not keep the process alive.
 */
export function startHeartbeat(runDir: string, everyMs = 1000): Heartbeat {
  const heartbeat = runPaths.heartbeat(runDir);
  try {
    closeSync(openSync(heartbeat, 'w'));
  } catch (error) {
    throw writeProblem(error, heartbeat);
  }
  const worker = new Worker(PROGRAM, {
    eval: true,
    // Flags of the main thread (loaders, inspectors) are of no use to this program.
    execArgv: [],
    workerData: { heartbeat, events: runPaths.events(runDir), everyMs, nCores: availableParallelism() },
  });
  worker.unref();
  // Without a heartbeat a run shows as stale, which is better than ending it.
  worker.on('error', (error) => console.error('The heartbeat stopped:', error));
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return {
    async stop() {
      worker.ref();
      worker.postMessage('stop');
      await exited;
    },
  };
}
