import { devFamilies } from './families-dev.ts';
import { gearFamilies } from './families-gear.ts';
import { homeFamilies } from './families-home.ts';
import { testFamilies } from './families-test.ts';
import { buildSplit } from './build.ts';
import type { BuiltQuery } from './build.ts';
import { draws } from './random.ts';
import { BRANDS } from './vocabulary.ts';

export const SPLITS = ['train', 'dev', 'test'] as const;
type Split = (typeof SPLITS)[number];

export const FAMILIES = { train: [...homeFamilies, ...gearFamilies], dev: devFamilies, test: testFamilies };

/** The whole data set from one seed. */
export function buildDataset(seed: number): Readonly<Record<Split, readonly BuiltQuery[]>> {
  let nProducts = 0;
  const nextId = () => `QS${String(++nProducts).padStart(8, '0')}`;
  const build = (split: Split) => {
    const draw = draws(seed * 3 + SPLITS.indexOf(split));
    // Brands that occur in every split are a third of a family's brands.
    const brandsOf = () => [...draw.shuffled(BRANDS[split]).slice(0, 4), ...draw.shuffled(BRANDS.every).slice(0, 2)];
    return buildSplit(FAMILIES[split], brandsOf, draw, nextId);
  };
  return { train: build('train'), dev: build('dev'), test: build('test') };
}
