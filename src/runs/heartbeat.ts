import { closeSync, openSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { openEventClock } from './log/event-clock.ts';
import type { EventClock } from './log/event-clock.ts';
import { runPaths } from './layout.ts';
import { writeProblem } from '../files/os-problem.ts';

/**
 * The thread's program: a text, because the trainer is bundled into one file and a thread from a text needs no other.
 * It touches the heartbeat and appends a `system` event, one line of less than 4 kB in one write with O_APPEND, which does
 * not mix with the main thread's lines. A full disk must not end the run from here: errors wait for the next beat.
 */
const PROGRAM = `
const { spawn } = require('node:child_process');
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { workerData, parentPort } = require('node:worker_threads');
const { heartbeat, events, everyMs, nCores, offsetMs } = workerData;
let lastCpu = process.cpuUsage();
let lastTime = process.hrtime.bigint();
let gpuFiles = [];
let gpuLines = [];
let gpuCommand;
function watchGpus({ files, command }) {
  gpuFiles = files;
  if (command === undefined) return;
  gpuCommand = spawn(command[0], command.slice(1), { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  gpuCommand.once('error', () => {});
  let rest = '';
  gpuCommand.stdout.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\\n');
    rest = lines.pop();
    for (const line of lines) gpuLines.push(line.split(',').map(Number));
  });
}
function busiestGpu() {
  const all = [...gpuLines];
  gpuLines = [];
  for (const { busy, memory } of gpuFiles) {
    try { all.push([Number(readFileSync(busy, 'utf8')), Number(readFileSync(memory, 'utf8')) / 2 ** 20]); } catch {}
  }
  const [busiest] = all.filter(([busy, memory]) => busy >= 0 && memory >= 0).sort((a, b) => b[0] - a[0]);
  return busiest === undefined ? {} : { gpu: Math.min(1, busiest[0] / 100), gpuMemory: busiest[1] * 2 ** 20 };
}
function beat() {
  const time = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const busyUs = cpu.user + cpu.system - lastCpu.user - lastCpu.system;
  const share = busyUs / (Number(time - lastTime) / 1000) / nCores;
  lastCpu = cpu;
  lastTime = time;
  const event = { type: 'system', t: Math.round(offsetMs + Number(time) / 1e6), cpu: Math.min(1, Math.max(0, Math.round(share * 1000) / 1000)), rss: process.memoryUsage.rss(), ...busiestGpu() };
  try { writeFileSync(heartbeat, String(event.t)); } catch {}
  try { appendFileSync(events, JSON.stringify(event) + '\\n'); } catch {}
}
const timer = setInterval(beat, everyMs);
parentPort.on('message', (message) => {
  if (message !== 'stop') return watchGpus(message);
  clearInterval(timer);
  gpuCommand?.kill();
  parentPort.close();
});
`;

/** What tells how busy GPUs are. */
export interface GpuSource {
  /** Program and arguments; prints a line `percent, MiB` for each GPU, again and again. */
  readonly command?: readonly [string, ...string[]];
  /** Of each GPU that the system tells of in files: percent of the time, and bytes in use. */
  readonly files: readonly { readonly busy: string; readonly memory: string }[];
}

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
 * torn last line must be ended before the first beat. The thread does not keep the process alive.
 */
export function startHeartbeat(
  runDir: string,
  { everyMs = 1000, clock = openEventClock() }: { everyMs?: number; clock?: EventClock } = {},
): Heartbeat {
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
    workerData: {
      heartbeat,
      events: runPaths.events(runDir),
      everyMs,
      nCores: availableParallelism(),
      offsetMs: clock.offsetMs,
    },
  });
  worker.unref();
  // Without a heartbeat a run shows as stale, which is better than ending it.
  worker.on('error', (error) => console.error('The heartbeat stopped:', error));
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return {
    watchGpus: (source) => worker.postMessage(source),
    async stop() {
      worker.ref();
      worker.postMessage('stop');
      await exited;
    },
  };
}
