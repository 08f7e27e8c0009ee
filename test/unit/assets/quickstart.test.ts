import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { N_PRODUCTS, NOISE } from '../../../scripts/quickstart/build.ts';
import { buildDataset, FAMILIES, SPLITS } from '../../../scripts/quickstart/dataset.ts';
import { SEED } from '../../../scripts/quickstart/files.ts';
import { ROLES } from '../../../scripts/quickstart/kind.ts';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { gainOverMajority } from './title-only.ts';
import type { TitleRow } from './title-only.ts';

const folder = fileURLToPath(new URL('../../../assets/quickstart/', import.meta.url));
const dataset = buildDataset(SEED);

const judgements = (split: (typeof SPLITS)[number]) => dataset[split].flatMap((query) => query.judgements);
const rows = (split: (typeof SPLITS)[number]): TitleRow[] =>
  judgements(split).map(({ product, label }) => ({ title: product.title, label }));

test('at least 60 test queries, 15 different products each, every query with an exact match', () => {
  expect(dataset.test.length).toBeGreaterThanOrEqual(60);
  for (const split of SPLITS) {
    for (const query of dataset[split]) {
      expect(new Set(query.judgements.map(({ product }) => product.title)).size, query.text).toBe(N_PRODUCTS);
      expect(
        query.judgements.some(({ label }) => label === 'E'),
        query.text,
      ).toBe(true);
    }
  }
  const texts = SPLITS.flatMap((split) => dataset[split].map((query) => query.text));
  expect(new Set(texts).size).toBe(texts.length);
});

test('no product type, product or title of the test split is in another split', () => {
  const names = (split: (typeof SPLITS)[number]) =>
    FAMILIES[split].flatMap((family) => ROLES.flatMap((role) => family[role].sells.map((name) => name.toLowerCase())));
  const titles = (split: (typeof SPLITS)[number]) => judgements(split).map(({ product }) => product.title);
  for (const other of ['train', 'dev'] as const) {
    expect(names('test').filter((name) => names(other).includes(name))).toEqual([]);
    expect(titles('test').filter((title) => titles(other).includes(title))).toEqual([]);
  }
});

test('more than half of the brands in the test split are absent from training', () => {
  const brands = (split: (typeof SPLITS)[number]) =>
    new Set(judgements(split).map(({ product }) => product.item.values.brand));
  const seen = brands('train');
  const unseen = [...brands('test')].filter((brand) => !seen.has(brand));
  expect(unseen.length / brands('test').size).toBeGreaterThan(0.5);
});

test('the documented share of labels is wrong on purpose', () => {
  expect(NOISE).toBeGreaterThanOrEqual(0.03);
  expect(NOISE).toBeLessThanOrEqual(0.05);
  const all = SPLITS.flatMap(judgements);
  const share = all.filter(({ label, trueLabel }) => label !== trueLabel).length / all.length;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.05);
});

test.each(SPLITS)('%s: most titles that are judged more than once carry different labels', (split) => {
  const labels = new Map<string, Set<string>>();
  const counts = new Map<string, number>();
  for (const { title, label } of rows(split)) {
    labels.set(title, (labels.get(title) ?? new Set()).add(label));
    counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const repeated = [...counts].filter(([, n]) => n > 1).map(([title]) => title);
  expect(repeated.length).toBeGreaterThan(0.3 * counts.size);
  expect(repeated.filter((title) => labels.get(title)!.size > 1).length).toBeGreaterThan(0.6 * repeated.length);
});

test('the title-only classifier would find labels that depend on titles', () => {
  const leaking = (split: (typeof SPLITS)[number]) =>
    rows(split).map(({ title }) => ({ title, label: / (for|Fits|Compatible with) /.test(title) ? 'C' : 'E' }));
  expect(gainOverMajority(leaking('train'), leaking('test'))).toBeGreaterThan(0.15);
});

test('titles alone do not give the label away: at most 5 points over the majority', () => {
  expect(gainOverMajority(rows('train'), rows('test'))).toBeLessThanOrEqual(0.05);
  // The harder case, with product types that the classifier has seen: every second query of the test split.
  const half = (parity: number) =>
    dataset.test
      .filter((_, index) => index % 2 === parity)
      .flatMap((query) => query.judgements.map(({ product, label }) => ({ title: product.title, label })));
  expect(gainOverMajority(half(0), half(1))).toBeLessThanOrEqual(0.05);
  expect(gainOverMajority(half(1), half(0))).toBeLessThanOrEqual(0.05);
});

test('the data reader finds three splits and drops nothing', async () => {
  const data = await loadJudgedData(
    { paths: [folder], isSynthetic: true },
    { locale: 'us', version: 'small', productFields: ['product_title'], devQueries: 0, maxQueries: null, seed: 1 },
  );
  for (const split of SPLITS) {
    expect(data[split].map((query) => query.text)).toEqual(dataset[split].map((query) => query.text));
    expect(data[split].every((query) => query.judgements.length === N_PRODUCTS)).toBe(true);
  }
});
