import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openLiveRuns } from '../../../src/host/runs/live-runs.ts';
import { openTrainers } from '../../../src/host/trainers/trainers.ts';
import type { TrainersOptions } from '../../../src/host/trainers/trainers.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { readRecord, updateRecord } from '../../../src/runs/record.ts';
import { takeRunLock } from '../../../src/runs/run-lock.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const RUN = { name: 'x', job: 'train', experimentFile: '/x.yml' } as const;

/** A program that ends when it is asked to, without a word. */
const WAITS_FOR_STOP = `
const { existsSync } = require('node:fs');
const { runDir } = JSON.parse(process.argv[2]);
setInterval(() => existsSync(runDir + '/stop') && process.exit(0), 10);
`;

/** Trainers over an empty runs folder, whose program leaves a file and then does what `program` says. */
async function open(options: Partial<TrainersOptions> = {}, program = '') {
  const folder = mkdtempSync(join(tmpdir(), 'trainers-'));
  const script = join(folder, 'trainer.cjs');
  const began = join(folder, 'began');
  writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(began)}, '');${program}`);
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const runsFolder = join(folder, 'runs');
  const runs = openLiveRuns({ onError });
  await runs.setFolders([runsFolder]);
  ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  ends.push(() => runs.dispose());
  const remember = () => undefined;
  const defaults = { runs, script, nodePath: () => '', maxParallel: () => 1, mayStart: () => true, queue: [] };
  return { runs, runsFolder, began, errors, trainers: openTrainers({ ...defaults, remember, onError, ...options }) };
}

it('starts nothing that waits, whatever changes, until that is allowed', async () => {
  let isTrusted = false;
  const { runs, runsFolder, began, trainers, errors } = await open({ mayStart: () => isTrusted });
  const runDir = await trainers.start(runsFolder, '', RUN, runsFolder);
  await createRun(runsFolder, '', { ...RUN, name: 'another' });
  await runs.refresh();
  await trainers.pump();
  expect(trainers.placeOf(runDir)).toBe(1);
  expect(existsSync(began)).toBe(false);
  isTrusted = true;
  await trainers.pump();
  expect(trainers.placeOf(runDir)).toBeUndefined();
  await vi.waitUntil(() => existsSync(began), 20_000);
  // It ended without a word, which the run tells by itself.
  await vi.waitUntil(async () => (await readRecord(runDir)).status === 'failed', 20_000);
  expect(errors).toEqual([]);
});

it('records why a run could not be started, and lets the next one begin', async () => {
  const node = { path: '/no/such/node' };
  const { runs, runsFolder, began, trainers, errors } = await open({ nodePath: () => node.path });
  const runDir = await trainers.start(runsFolder, '', RUN, runsFolder);
  const { status, problem } = await readRecord(runDir);
  expect(status).toBe('failed');
  expect(problem).toMatchObject({ code: 'no-node', where: '/no/such/node' });
  expect(runs.get(runDir)?.run).toMatchObject({ status: 'failed' });
  node.path = '';
  await trainers.start(runsFolder, '', RUN, runsFolder);
  await vi.waitUntil(() => existsSync(began), 20_000);
  expect(errors).toEqual([]);
});

it('says at once why a run cannot be resumed, and leaves its record as it is', async () => {
  const { runs, runsFolder, trainers, errors } = await open({ script: '/no/such/trainer.js' });
  const { runDir } = await createRun(runsFolder, '', RUN);
  await runs.refresh();
  await trainers.resume(runDir, runsFolder);
  expect(errors).toMatchObject([{ problem: { code: 'no-trainer' } }]);
  expect((await readRecord(runDir)).status).toBe('queued');
});

it('says that another trainer is at work on a run that it has forestalled here by a moment', async () => {
  const program = "setInterval(() => existsSync(JSON.parse(process.argv[2]).runDir + '/go') && process.exit(4), 10);";
  const { runs, runsFolder, began, trainers, errors } = await open(
    {},
    `const { existsSync } = require('node:fs');${program}`,
  );
  const { runDir } = await createRun(runsFolder, '', RUN);
  await updateRecord(runDir, { status: 'stopped' });
  await runs.refresh();
  await trainers.resume(runDir, runsFolder);
  await vi.waitUntil(() => existsSync(began), 20_000);
  const lock = await takeRunLock(runDir);
  ends.push(() => lock.release());
  writeFileSync(join(runDir, 'go'), '');
  await vi.waitUntil(() => errors.length > 0, 20_000);
  expect(errors).toMatchObject([{ problem: { code: 'run-active', where: runDir } }]);
  expect((await readRecord(runDir)).status).toBe('stopped');
});

it('stops a trainer that was just started and has not told of itself', async () => {
  const { runsFolder, trainers, errors } = await open({}, WAITS_FOR_STOP);
  const runDir = await trainers.start(runsFolder, '', RUN, runsFolder);
  expect(trainers.isStarting(runDir)).toBe(true);
  await trainers.stop(runDir);
  await vi.waitUntil(() => !trainers.isStarting(runDir), 20_000);
  expect(errors).toEqual([]);
});
