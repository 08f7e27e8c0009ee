import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { WarningEvent } from '../../../src/protocol/events.ts';
import { openEventLog } from '../../../src/runs/log/event-log.ts';
import { readEvents } from '../../../src/runs/log/read-events.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { startBuiltHeartbeat } from '../../runs/built-heartbeat.ts';
import { started, step } from '../runs/events.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const nLines = (dir: string): number => readFileSync(runPaths.events(dir), 'utf8').split('\n').length - 1;
const warning = (message: string): WarningEvent => ({ type: 'warning', t: 1, problem: { code: 'x', message } });

it('beats and samples the machine while the main thread stands still', async () => {
  const dir = tempFolder();
  const log = openEventLog(dir);
  log.append(started());
  const heartbeat = startBuiltHeartbeat(dir, 20);
  await expect.poll(() => nLines(dir), { timeout: 30_000 }).toBeGreaterThan(1);
  const beats = [nLines(dir)];
  const touched = [statSync(runPaths.heartbeat(dir)).mtimeMs];
  // No turn of the event loop from here on, as in native code: whatever comes is the thread's.
  const still = new Int32Array(new SharedArrayBuffer(4));
  for (let waited = 0; nLines(dir) < beats[0]! + 4 && waited < 1000; waited++) Atomics.wait(still, 0, 0, 20);
  beats.push(nLines(dir));
  touched.push(statSync(runPaths.heartbeat(dir)).mtimeMs);
  expect(beats[1]! - beats[0]!).toBeGreaterThanOrEqual(4);
  expect(touched[1]).toBeGreaterThan(touched[0]!);
  await heartbeat.stop();
  const atEnd = await readEvents(dir);
  expect(atEnd.badLines).toEqual([]);
  for (const event of atEnd.events.slice(1)) {
    if (event.type !== 'system') throw new Error(`found ${event.type}`);
    expect(event.cpu).toBeGreaterThanOrEqual(0);
    expect(event.cpu).toBeLessThanOrEqual(1);
    expect(event.rss).toBeGreaterThan(1e6);
  }
  log.append(step(1));
  log.close();
  expect((await readEvents(dir)).events.at(-1)).toEqual(step(1));
});

it('brings no file back that is gone: a folder that is being deleted must not fill again', async () => {
  const dir = tempFolder();
  const log = openEventLog(dir);
  log.append(started());
  const heartbeat = startBuiltHeartbeat(dir, 20);
  await expect.poll(() => nLines(dir), { timeout: 30_000 }).toBeGreaterThan(1);
  const gone = [runPaths.events(dir), runPaths.heartbeat(dir)];
  for (const path of gone) rmSync(path);
  // A dozen beats; none of them can be seen from here.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250);
  expect(gone.filter((path) => existsSync(path))).toEqual([]);
  await heartbeat.stop();
  log.close();
});

it('tells of the busiest GPU, from a program that prints and from files, and leaves out what nobody tells', async () => {
  const dir = tempFolder();
  const log = openEventLog(dir);
  log.append(started());
  const heartbeat = startBuiltHeartbeat(dir, 20);
  const samples = async () => (await readEvents(dir)).events.filter((event) => event.type === 'system');
  await expect.poll(async () => (await samples()).length, { timeout: 30_000 }).toBeGreaterThan(2);
  heartbeat.watchGpus({
    command: ['no-such-program'],
    files: [{ busy: join(dir, 'none'), memory: join(dir, 'none') }],
  });
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const files = [{ busy: file('busy', '35\n'), memory: file('memory', '1048576\n') }];
  const print = `setInterval(() => console.log('[N/A], 3\\n80, 2000\\n20, 9000'), 10)`;
  heartbeat.watchGpus({ command: [process.execPath, '-e', print], files });
  await expect
    .poll(async () => (await samples()).at(-1), { timeout: 30_000 })
    .toMatchObject({ gpu: 0.8, gpuMemory: 2000 * 2 ** 20 });
  await heartbeat.stop();
  log.close();
  const all = await samples();
  expect(all[0]).not.toHaveProperty('gpu');
  // Before the program has printed its first line, the files are all that tells.
  expect(all).toContainEqual(expect.objectContaining({ gpu: 0.35, gpuMemory: 2 ** 20 }));
});

it('never mixes its lines with those of the main thread', async () => {
  const dir = tempFolder();
  const log = openEventLog(dir);
  const heartbeat = startBuiltHeartbeat(dir, 1);
  const nBeats = () => readFileSync(runPaths.events(dir), 'utf8').split('"type":"system"').length - 1;
  let nAppended = 0;
  do {
    for (let i = 0; i < 500; i++) log.append(warning('x'.repeat(3000)), step(++nAppended));
  } while (nBeats() <= 10);
  await heartbeat.stop();
  log.close();
  const { events, badLines } = await readEvents(dir);
  expect(badLines).toEqual([]);
  expect(events.filter((e) => e.type === 'step').length).toBe(nAppended);
  expect(events.filter((e) => e.type === 'system').length).toBeGreaterThan(10);
});
