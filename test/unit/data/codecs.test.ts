import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { FIXTURES, OPTIONS, contents, fixture } from './fixtures.ts';

const names = readdirSync(join(FIXTURES, 'codecs'));

test('the codecs of parquet are there', () => {
  expect(names).toHaveLength(8);
});

test.each(names)('reads %s', async (name) => {
  const plain = await loadJudgedData(fixture('codecs', 'none.parquet'), OPTIONS);
  const data = await loadJudgedData(fixture('codecs', name), OPTIONS);
  expect(data.train).toHaveLength(5);
  expect(contents(data)).toEqual(contents(plain));
});
