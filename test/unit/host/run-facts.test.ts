import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readExperiment } from '../../../src/config/check/parse-experiment.ts';
import { TEXT_READERS } from '../../../src/host/experiments/serve-reads.ts';
import { openExperimentFacts } from '../../../src/host/language/run-facts.ts';
import { openLiveRuns } from '../../../src/host/runs/live-runs.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { updateRecord } from '../../../src/runs/record.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const textOf = (data: string): string => `model: { name: a/b }\ndata: { ${data} }\n`;
/** As the worker reads it. */
const optionsOf = async (path: string) => TEXT_READERS.dataOptions(await readFile(path, 'utf8'));
const dataOf = (data: string) => readExperiment(textOf(data), 'x.yml').data;

it('knows the data of a run, however the experiment is edited elsewhere, for experiments of the same folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'known-data-'));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const runs = openLiveRuns({ onError: (error) => expect.unreachable(String(error)) });
  ends.push(() => runs.dispose());
  const experimentFile = '/configs/x.yml';
  const { runDir } = await createRun(folder, textOf('uri: c/d'), { name: 'x', job: 'train', experimentFile });
  await createRun(folder, textOf('uri: not/read'), { name: 'y', job: 'train', experimentFile });
  await updateRecord(runDir, {
    data: {
      fingerprint: 'x',
      source: 'c/d',
      isSynthetic: false,
      nQueries: { train: 7, dev: 1, test: 2 },
      nJudgements: { train: 70, dev: 10, test: 20 },
    },
  });
  await runs.setFolders([folder]);
  const known = openExperimentFacts(runs, () => folder, optionsOf);

  const { sizeOf } = await known.of({ fileName: '/configs/other.yml' });
  expect(sizeOf(dataOf('uri: c/d, version: small'))).toEqual({ nQueries: 7, nJudgements: 70 });
  expect(sizeOf(dataOf('uri: c/d, max_queries: 3'))).toBeUndefined();
  expect(sizeOf(dataOf('uri: not/read'))).toBeUndefined();
  const { sizeOf: elsewhere } = await known.of({ fileName: '/other/x.yml' });
  expect(elsewhere(dataOf('uri: c/d'))).toBeUndefined();
});

it('knows which runs of its own runs folder can be a baseline', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'known-runs-'));
  const other = mkdtempSync(join(tmpdir(), 'known-other-'));
  for (const path of [folder, other]) ends.push(() => rm(path, { recursive: true, force: true }));
  const runs = openLiveRuns({ onError: (error) => expect.unreachable(String(error)) });
  ends.push(() => runs.dispose());
  const create = (runsFolder: string, name: string) =>
    createRun(runsFolder, textOf('uri: c/d'), { name, job: 'train', experimentFile: '/configs/x.yml' });
  const { runDir, record } = await create(folder, 'tested');
  const waiting = await create(folder, 'waiting');
  const elsewhere = await create(other, 'elsewhere');
  for (const dir of [runDir, elsewhere.runDir]) await updateRecord(dir, { test: { 'fine-tuned': { esci_ndcg: 1 } } });
  await runs.setFolders([folder, other]);
  const runsFolderOf = (fileName: string) => (fileName.startsWith('/configs/') ? folder : undefined);
  const known = openExperimentFacts(runs, runsFolderOf, optionsOf);

  const { baselines, wrongBaseline } = await known.of({ fileName: '/configs/x.yml' });
  expect(baselines).toEqual([{ id: record.id, name: 'tested' }]);
  expect(wrongBaseline(record.id)).toBeUndefined();
  expect(wrongBaseline('tested')).toBeUndefined();
  expect(wrongBaseline(waiting.record.id)?.found).toMatch(/queued and has no test results/);
  expect(wrongBaseline('elsewhere')?.found).toBe('no run "elsewhere" among the 2 of this folder');
  expect(wrongBaseline('testde')?.suggestion).toBe('tested');
  // A file outside of the workspace has no runs to be compared with.
  const outside = await known.of({ fileName: '/tmp/x.yml' });
  expect([outside.baselines, outside.wrongBaseline('x')]).toEqual([[], undefined]);
});
