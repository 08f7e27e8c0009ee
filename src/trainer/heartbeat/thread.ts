/**
 * The heartbeat's thread, a bundle of its own (dist/heartbeat.js): each `everyMs` it writes the heartbeat and appends a `system` event,
 * one line of less than 4 kB in one write with O_APPEND, which does not mix with the main thread's lines. A full disk must not end the
 * run from here: errors wait for the next beat.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { SystemEvent } from '../../protocol/events.ts';
import { gpuLoad } from './gpu-load.ts';
import type { HeartbeatMessage, HeartbeatOptions } from './heartbeat.ts';

const { heartbeat, events, everyMs, nCores, offsetMs } = workerData as HeartbeatOptions;
/** Files that are gone stay gone: a run folder that is being deleted must not fill again. */
const WRITE = constants.O_WRONLY | constants.O_TRUNC;
const APPEND = constants.O_WRONLY | constants.O_APPEND;
const gpus = gpuLoad();
let lastCpu = process.cpuUsage();
let lastTime = process.hrtime.bigint();

function beat(): void {
  const time = process.hrtime.bigint();
  const cpu = process.cpuUsage();
  const busyUs = cpu.user + cpu.system - lastCpu.user - lastCpu.system;
  const share = busyUs / (Number(time - lastTime) / 1000) / nCores;
  lastCpu = cpu;
  lastTime = time;
  const event: SystemEvent = {
    type: 'system',
    t: Math.round(offsetMs + Number(time) / 1e6),
    cpu: Math.min(1, Math.max(0, Math.round(share * 1000) / 1000)),
    rss: process.memoryUsage.rss(),
    ...gpus.take(),
  };
  tryTo(() => write(heartbeat, WRITE, String(event.t)));
  tryTo(() => write(events, APPEND, `${JSON.stringify(event)}\n`));
}

function write(path: string, flags: number, text: string): void {
  const file = openSync(path, flags);
  try {
    writeSync(file, text);
  } finally {
    closeSync(file);
  }
}

function tryTo(call: () => void): void {
  try {
    call();
  } catch {
    // The next beat tries again.
  }
}

const timer = setInterval(beat, everyMs);
parentPort?.on('message', (message: HeartbeatMessage) => {
  if (message !== 'stop') {
    gpus.watch(message);
    return;
  }
  clearInterval(timer);
  gpus.close();
  parentPort?.close();
});
