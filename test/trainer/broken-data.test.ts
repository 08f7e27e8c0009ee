import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readRecord } from '../../src/runs/record.ts';
import { newRun, runTrainer, temporaryFolder, tinyExperiment, writeTinyModel } from './tiny-run.ts';

const broken = fileURLToPath(new URL('../fixtures/data/broken', import.meta.url));
const names = readdirSync(broken).filter((name) => name !== 'no-data');
const folder = temporaryFolder();
let model: string;

beforeAll(() => {
  model = writeTinyModel(join(folder, 'model'));
});

it('there are at least 20', () => expect(names.length).toBeGreaterThanOrEqual(20));

it.concurrent.each(names)('a training on %s ends with one clear message and nothing half-written', async (name) => {
  const runDir = await newRun(join(folder, 'runs'), tinyExperiment(model, join(broken, name)));
  const { code, output } = await runTrainer(runDir);
  expect(code, output).toBe(TRAINER_EXIT.problem);
  expect(output).not.toMatch(/\n\s+at /);
  const { status, problem } = await readRecord(runDir);
  expect(status).toBe('failed');
  expect(problem?.code).toMatch(/^data-/);
  expect(problem?.message).not.toMatch(/undefined|NaN|\[object/);
  expect(problem?.next).toBeDefined();
  for (const path of [runPaths.model(runDir), runPaths.checkpoints(runDir), runPaths.testScoresCsv(runDir)]) {
    expect(existsSync(path), path).toBe(false);
  }
});
