import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { findMetric } from '../../../src/metrics/metric-table.ts';
import { evaluateTrec } from '../../../src/metrics/trec/evaluate.ts';
import { parseQrels, parseRun } from '../../../src/metrics/trec/files.ts';
import { selectMeasures } from '../../../src/metrics/trec/selection.ts';
import { OPTIONS } from './fixtures.ts';

/** What every object has; as text of data or options it is text like any other. */
const NAMES = Object.getOwnPropertyNames(Object.prototype);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'names-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Row = Readonly<Record<string, unknown>>;

const rows: readonly Row[] = ['train', 'train', 'dev', 'test'].map((split, i) => ({
  split,
  query: `q${i}`,
  query_id: `q${i}`,
  product_id: 'p',
  product_title: 'title',
  esci_label: 'E',
  small_version: 1,
}));

function load(changed: Row, version: 'all' | 'small' = 'all'): ReturnType<typeof loadJudgedData> {
  const lines = rows.map((row, i) => `${JSON.stringify(i === 3 ? { ...row, ...changed } : row)}\n`);
  writeFileSync(join(folder, 'all.jsonl'), lines.join(''));
  return loadJudgedData({ paths: [folder] }, { ...OPTIONS, version });
}

describe.each(NAMES)('%s', (name) => {
  test('is no label, split or flag', async () => {
    await expect(load({ esci_label: name })).rejects.toMatchObject({ problem: { code: 'data-label' } });
    await expect(load({ split: name })).rejects.toMatchObject({ problem: { code: 'data-value' } });
    await expect(load({ small_version: name }, 'small')).rejects.toMatchObject({ problem: { code: 'data-value' } });
  });

  test('is a query, a query id and a product id like any other', async () => {
    const { test: queries } = await load({ query: name, query_id: name, product_id: name });
    expect(queries).toMatchObject([{ id: name, text: name, judgements: [{ product: { id: name }, label: 'E' }] }]);
  });

  test('as a folder or a file names no split', async () => {
    mkdirSync(join(folder, name));
    for (const split of ['train', 'dev', 'test']) {
      const lines = rows.filter((row) => row['split'] === split).map((row) => `${JSON.stringify(row)}\n`);
      writeFileSync(join(folder, name, `${split}.jsonl`), lines.join(''));
    }
    writeFileSync(join(folder, name, `${name}.jsonl`), 'this is not read');
    expect((await loadJudgedData({ paths: [folder] }, OPTIONS)).test).toHaveLength(1);
  });

  test('is no metric and no measure', () => {
    expect(findMetric(name)).toBeUndefined();
    expect(findMetric(`trec:${name}`)).toBeUndefined();
    for (const text of [name, `${name}.5`, `${name}_5`]) expect(selectMeasures([text])).toMatchObject({ found: text });
  });

  test('is an id of TREC files like any other', () => {
    const qrels = parseQrels(`${name} 0 ${name} 1\n`);
    const run = parseRun(`${name} Q0 ${name} 1 0.5 ${name}\n`);
    if (!('value' in qrels && 'value' in run)) throw new Error('not read');
    const evaluation = evaluateTrec(qrels.value, run.value, [{ name: 'map', parameters: [] }]);
    expect(evaluation).toMatchObject({ tag: name, queryIds: [name], columns: [{ summary: 1 }] });
  });
});
