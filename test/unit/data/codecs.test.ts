import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { openTable } from '../../../src/data/open-table.ts';
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

test.each([
  ...names.map((name) => join('codecs', name)),
  ...['examples', 'products'].map((name) => `whole/official/shopping_queries_dataset_${name}.parquet`),
])('every value of %s is what hyparquet reads', async (name) => {
  const path = join(FIXTURES, name);
  const bytes = readFileSync(path);
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const expected = await parquetReadObjects({ file, compressors });
  const table = await openTable(path);
  const found: Record<string, unknown>[] = [];
  for await (const group of table.groups) {
    const columns = await Promise.all(
      table.columns.map(async (column) => [column, await group.column(column)] as const),
    );
    for (let row = 0; row < group.nRows; row++) {
      found.push(Object.fromEntries(columns.map(([column, valueAt]) => [column, valueAt(row)])));
    }
  }
  await table.close();
  expect(found.length).toBeGreaterThan(0);
  expect(found).toEqual(expected);
});
