import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { formatDataSummary, summariseData } from '../../../src/data/describe.ts';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { OPTIONS } from './fixtures.ts';

/** A folder with real judgements in both layouts; it is not part of the repository. */
const SAMPLE = resolve(process.env['ESCI_SAMPLE'] ?? '../shared/esci-sample');
const isThere = existsSync(join(SAMPLE, 'hub'));
if (!isThere) console.warn(`SKIPPED: no ESCI sample at ${SAMPLE}; set ESCI_SAMPLE to its folder.`);

test.skipIf(!isThere)('the joined layout of real data', async () => {
  const data = await loadJudgedData({ paths: [join(SAMPLE, 'hub')] }, { ...OPTIONS, version: 'small' });
  const { splits } = summariseData(data);
  const sizes = Object.values(splits).map(({ nQueries, nJudgements }) => [nQueries, nJudgements]);
  expect(sizes).toEqual([
    [70, 3066],
    [10, 471],
    [20, 898],
  ]);
  expect(data.notes).toEqual([]);
  expect(formatDataSummary(summariseData({ ...data, source: 'sample' }))).toEqual([
    'sample',
    'train 70 queries, 3,066 judgements: E 50 %, S 29 %, C 3 %, I 17 %',
    'dev   10 queries, 471 judgements: E 49 %, S 30 %, C 4 %, I 18 %',
    'test  20 queries, 898 judgements: E 56 %, S 28 %, C 4 %, I 12 %',
  ]);
});

test.skipIf(!isThere)('the official layout has the same judgements', async () => {
  const hub = await loadJudgedData({ paths: [join(SAMPLE, 'hub')] }, OPTIONS);
  const official = await loadJudgedData({ paths: [join(SAMPLE, 'official')] }, OPTIONS);
  expect(official.fingerprint).toBe(hub.fingerprint);
  expect(official.test).toEqual(hub.test);
  expect([official.train.length, official.dev.length]).toEqual([72, 8]);
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);
  expect([...official.train, ...official.dev].sort(byId)).toEqual([...hub.train, ...hub.dev].sort(byId));
});
