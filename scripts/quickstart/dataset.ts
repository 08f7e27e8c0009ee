import { devFamilies } from './families-dev.ts';
import { gearFamilies } from './families-gear.ts';
import { homeFamilies } from './families-home.ts';
import { testFamilies } from './families-test.ts';
import { buildSplit } from './build.ts';
import type { BuiltQuery, QueryCounts } from './build.ts';
import { draws } from './random.ts';
import { BRANDS } from './vocabulary.ts';

export const SPLITS = ['train', 'dev', 'test'] as const;
type Split = (typeof SPLITS)[number];

export const FAMILIES = { train: [...homeFamilies, ...gearFamilies], dev: devFamilies, test: testFamilies };

/** Queries per product type of a family. */
const N_QUERIES = {
  train: { main: 3, accessory: 3, substitute: 1, lookalike: 1 },
  dev: { main: 2, accessory: 2, substitute: 1, lookalike: 1 },
  test: { main: 2, accessory: 2, substitute: 1, lookalike: 1 },
} satisfies Record<Split, QueryCounts>;

/** The whole data set from one seed. */
export function buildDataset(seed: number): Readonly<Record<Split, readonly BuiltQuery[]>> {
  let nProducts = 0;
  const nextId = () => `QS${String(++nProducts).padStart(8, '0')}`;
  const build = (split: Split) => {
    const draw = draws(seed * 3 + SPLITS.indexOf(split));
    // Brands that occur in every split are a third of a family's brands.
    const brandsOf = () => [...draw.shuffled(BRANDS[split]).slice(0, 4), ...draw.shuffled(BRANDS.every).slice(0, 2)];
    return buildSplit(FAMILIES[split], N_QUERIES[split], brandsOf, draw, nextId);
  };
  return { train: build('train'), dev: build('dev'), test: build('test') };
}
