/**
 * The heartbeat's thread, a bundle of its own (dist/heartbeat.js): each `everyMs` it writes the heartbeat and appends a `system` event,
 * one line of less than 4 kB in one write with O_APPEND, which does not mix with the main thread's lines. A full disk must not end the
 * run from here: errors wait for the next beat.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { SystemEvent } from '../../protocol/events.ts';
import { gpuLoad } from './gpu-load.ts';
import type { HeartbeatMessage, HeartbeatOptions } from './heartbeat.ts';

const { heartbeat, events, everyMs, nCores, offsetMs } = workerData as HeartbeatOptions;
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
  tryTo(() => writeFileSync(heartbeat, String(event.t)));
  tryTo(() => appendFileSync(events, `${JSON.stringify(event)}\n`));
}

function tryTo(write: () => void): void {
  try {
    write();
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
