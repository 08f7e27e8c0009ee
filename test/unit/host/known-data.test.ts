import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readExperiment } from '../../../src/config/parse-experiment.ts';
import { openKnownData } from '../../../src/host/language/known-data.ts';
import { openLiveRuns } from '../../../src/host/runs/live-runs.ts';
import { createRun } from '../../../src/runs/create-run.ts';
import { updateRecord } from '../../../src/runs/record.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const textOf = (data: string): string => `model: { name: a/b }\ndata: { ${data} }\n`;
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
  const known = openKnownData(runs);

  const sizeOf = await known.of({ fileName: '/configs/other.yml' });
  expect(sizeOf(dataOf('uri: c/d, version: small'))).toEqual({ nQueries: 7, nJudgements: 70 });
  expect(sizeOf(dataOf('uri: c/d, max_queries: 3'))).toBeUndefined();
  expect(sizeOf(dataOf('uri: not/read'))).toBeUndefined();
  const elsewhere = await known.of({ fileName: '/other/x.yml' });
  expect(elsewhere(dataOf('uri: c/d'))).toBeUndefined();
});
