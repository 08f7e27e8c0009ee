import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { OPTIONS, contents, fixture } from './fixtures.ts';

const JOINED = ['hub', 'split-folders', 'csv', 'tsv', 'jsonl', 'one-file'];

describe('whole data sets', () => {
  test.each(JOINED)('%s holds the same judgements', async (name) => {
    const hub = await loadJudgedData(fixture('whole', 'hub'), OPTIONS);
    const data = await loadJudgedData(fixture('whole', name), OPTIONS);
    expect(data.fingerprint).toBe(hub.fingerprint);
    expect([data.train.length, data.dev.length, data.test.length]).toEqual([5, 1, 2]);
    // The one file is in reverse order, so only its contents are the same.
    if (name !== 'one-file') expect(contents(data)).toEqual(contents(hub));
    expect(data.notes).toEqual(['Products without a title: 1 of 20; it reads as an empty text.']);
  });

  test('the official release joins products and holds dev queries out of train', async () => {
    const hub = await loadJudgedData(fixture('whole', 'hub'), OPTIONS);
    const data = await loadJudgedData(fixture('whole', 'official'), OPTIONS);
    expect(data.fingerprint).toBe(hub.fingerprint);
    expect(data.test).toEqual(hub.test);
    expect([data.train.length, data.dev.length, data.test.length]).toEqual([5, 1, 2]);
    expect(data.source).toMatch(/^official release in /);
    expect(data.notes).toContain('No dev split in the data: 1 of 6 train queries held out as dev (seed 42).');
    const spanish = await loadJudgedData(fixture('whole', 'official'), {
      ...OPTIONS,
      locale: 'es',
      require: ['train'],
    });
    expect(spanish.train[0]?.judgements[0]?.product.title).toBe('Producto');
  });

  test('two files named one by one are the official release', async () => {
    const folder = fixture('whole', 'official').paths[0]!;
    const paths = ['examples', 'products'].map((name) => join(folder, `shopping_queries_dataset_${name}.parquet`));
    const data = await loadJudgedData({ paths }, OPTIONS);
    expect(data.fingerprint).toBe((await loadJudgedData(fixture('whole', 'official'), OPTIONS)).fingerprint);
  });

  test('keeps blanks, quotes, line breaks, int64 ids and null titles', async () => {
    for (const name of JOINED) {
      const { train } = await loadJudgedData(fixture('whole', name), OPTIONS);
      const towels = train.find(({ id }) => id === '9007199254740993');
      expect(towels?.text).toBe('  towels for kitchen');
      expect(towels?.judgements).toHaveLength(4);
      const products = train.flatMap(({ judgements }) => judgements.map(({ product }) => product));
      const titled = products.find(({ id }) => id === 'B0001');
      expect(titled?.title).toBe('Product 1, 5" "wide"\nsecond line é');
      expect(products.find(({ id }) => id === 'B0007')).toEqual({ id: 'B0007', title: '', text: '' });
      expect(new Set(products.filter(({ id }) => id === 'B0003')).size).toBe(1);
    }
  });

  test('joins product fields in their order and leaves null ones out', async () => {
    for (const name of ['hub', 'csv', 'official']) {
      const productFields = ['product_brand', 'product_title'];
      const data = await loadJudgedData(fixture('whole', name), { ...OPTIONS, productFields });
      const products = new Map(
        [...data.train, ...data.dev].flatMap((q) => q.judgements.map((j) => [j.product.id, j.product])),
      );
      expect(products.get('B0001')?.text).toMatch(/^Brand 1 Product 1, /);
      expect(products.get('B0007')?.text).toBe('Brand 2');
      expect(products.get('B0003')?.text).toMatch(/^Product 3, /);
      const { fingerprint } = await loadJudgedData(fixture('whole', name), OPTIONS);
      expect(data.fingerprint).not.toBe(fingerprint);
    }
  });

  test('guesses which column a misspelt product field means', async () => {
    const loading = loadJudgedData(fixture('whole', 'csv'), { ...OPTIONS, productFields: ['product_titel'] });
    await expect(loading).rejects.toThrow('Did you mean "product_title" by "product_titel"?');
  });

  test('filters by version', async () => {
    const small = await loadJudgedData(fixture('whole', 'hub'), { ...OPTIONS, version: 'small' });
    expect(small.train).toHaveLength(4);
    const large = await loadJudgedData(fixture('whole', 'csv'), { ...OPTIONS, version: 'large' });
    expect(large.train).toHaveLength(5);
  });
});

describe('rows that need a decision', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'esci-data-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  interface Row {
    readonly query: string;
    readonly query_id?: number;
    readonly product_id: string;
    readonly esci_label: string;
    readonly split: string;
  }

  async function load(rows: readonly Row[], options = {}) {
    const lines = rows.map((row) => `${JSON.stringify({ product_title: `title of ${row.product_id}`, ...row })}\n`);
    await writeFile(join(folder, 'all.jsonl'), lines.join(''));
    return loadJudgedData({ paths: [folder] }, { ...OPTIONS, ...options });
  }

  const row = (split: string, query: string, product_id: string, esci_label = 'E'): Row => ({
    split,
    query,
    product_id,
    esci_label,
  });
  const enough = [row('train', 'a', 'p'), row('train', 'b', 'p'), row('dev', 'c', 'p'), row('test', 'd', 'p')];

  test('drops repeated judgements, keeps the first of contradicting ones', async () => {
    const data = await load([
      ...enough,
      row('test', 'd', 'p', 'Exact'),
      row('test', 'd', 'p', 'I'),
      row('test', 'd', 'r', 's'),
    ]);
    expect(data.test[0]?.judgements.map(({ product, label }) => [product.id, label])).toEqual([
      ['p', 'E'],
      ['r', 'S'],
    ]);
    expect(data.notes).toContain('Repeated judgements (same query, product and label), dropped: 1.');
    expect(data.notes).toContain('Contradicting judgements (same query and product, another label), first kept: 1.');
  });

  test('a query in several splits stays where it is tested', async () => {
    const data = await load([...enough, row('train', 'd', 'x'), row('dev', 'd', 'x'), row('train', 'c', 'x')]);
    expect(data.train.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(data.dev.map(({ id }) => id)).toEqual(['c']);
    expect(data.test[0]?.judgements).toHaveLength(1);
    expect(data.notes).toContain('Train queries that dev or test have too, dropped from train: 2.');
    expect(data.notes).toContain('Dev queries that test has too, dropped from dev: 1.');
  });

  test('the query id tells queries apart when there is one', async () => {
    const withIds = enough.map((each, i) => ({ ...each, query_id: i }));
    const data = await load([
      ...withIds,
      { ...row('test', 'd', 'p'), query_id: 9 },
      { ...row('test', 'other', 'q'), query_id: 9 },
    ]);
    expect(data.test.map(({ id, text }) => [id, text])).toEqual([
      ['3', 'd'],
      ['9', 'd'],
    ]);
    expect(data.notes).toContain('Judgements with another text for the same query id, first text kept: 1.');
  });

  test('says which filters the data has no columns for', async () => {
    const { notes } = await load(enough, { version: 'small' });
    expect(notes).toContain('The data has no column "small_version", so nothing was left out by it.');
    expect(notes).toContain('The data has no column "product_locale", so nothing was left out by it.');
  });

  const many = Array.from({ length: 40 }, (_, i) => row('train', `query ${i}`, 'p'));
  const tests = Array.from({ length: 40 }, (_, i) => row('test', `test ${i}`, 'p'));

  test('holds dev queries out by seed, share or count, whatever the order of the rows', async () => {
    const ids = async (rows: readonly Row[], options = {}) =>
      (await load(rows, options)).dev.map(({ id }) => id).sort();
    const drawn = await ids([...many, ...tests]);
    expect(drawn).toHaveLength(4);
    expect(await ids([...many].reverse().concat(tests))).toEqual(drawn);
    expect(await ids([...many, ...tests], { seed: 43 })).not.toEqual(drawn);
    expect(await ids([...many, ...tests], { devQueries: 7 })).toHaveLength(7);
    expect(await ids([...many, ...tests], { devQueries: 1000 })).toHaveLength(39);
    await expect(ids([...many, ...tests], { devQueries: 0 })).rejects.toThrow('There are no dev queries');
    const data = await load([...many, ...tests]);
    const all = [...data.train, ...data.dev].map(({ id }) => id);
    expect(new Set(all).size).toBe(40);
  });

  test('the fingerprint ignores order and held-out queries, and sees every change of a judgement', async () => {
    const rows = [...many, ...tests];
    const { fingerprint } = await load(rows);
    expect((await load([...rows].reverse())).fingerprint).toBe(fingerprint);
    expect((await load(rows, { seed: 7 })).fingerprint).toBe(fingerprint);
    const last = rows.pop()!;
    for (const change of [{ esci_label: 'S' }, { product_id: 'other' }, { query: 'other' }, { split: 'train' }]) {
      expect((await load([...rows, { ...last, ...change }])).fingerprint).not.toBe(fingerprint);
    }
  });

  test('limits the queries of each split', async () => {
    const data = await load([...many, ...tests], { maxQueries: 3 });
    expect([data.train.length, data.dev.length, data.test.length]).toEqual([3, 3, 3]);
    expect(data.notes).toContain('At most 3 queries of each split used (seed 42).');
  });

  test('reads a text file of many groups, with the line in a problem', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => row(i % 2 ? 'train' : 'test', `q${i % 100}`, `p${i}`));
    const seen: number[] = [];
    const data = await load(rows, { onProgress: (done: number, total: number) => seen.push(done / total) });
    expect([...data.train, ...data.dev, ...data.test].flatMap(({ judgements }) => judgements)).toHaveLength(10_000);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    rows[8999] = row('train', 'q', 'p', 'Z');
    await expect(load(rows)).rejects.toThrow('all.jsonl:9000: The label in the column "esci_label" is the text "Z"');
  });

  test('an abort rejects with its reason', async () => {
    const signal = AbortSignal.abort(new Error('stopped by the test'));
    await expect(load(enough, { signal })).rejects.toThrow('stopped by the test');
  });

  test('evaluation alone needs only a test split', async () => {
    const data = await load([row('test', 'd', 'p')], { require: ['test'] });
    expect(data.test).toHaveLength(1);
  });

  test('says when a path is none, or not to be read', async () => {
    await writeFile(join(folder, 'file'), '');
    const problem = (path: string) =>
      loadJudgedData({ paths: [join(folder, path)] }, OPTIONS).catch((error: unknown) => error);
    expect(await problem('nowhere')).toMatchObject({ problem: { code: 'data-not-found' } });
    const unreadable = await problem('file/train.csv');
    expect(unreadable).toBeInstanceOf(ProblemError);
    expect(unreadable).toMatchObject({ problem: { code: 'data-unreadable' } });
    expect(await problem('file')).toMatchObject({ problem: { code: 'data-layout' } });
  });
});
