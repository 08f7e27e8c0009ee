import { fileURLToPath } from 'node:url';
import { join, relative } from 'node:path';
import type { JudgedData } from '../../../src/data/judged-query.ts';
import type { DataOptions } from '../../../src/data/data-options.ts';

/** The folder that test/oracle/data_fixtures.py writes, relative to the working directory: as a person would name it. */
export const FIXTURES = relative(process.cwd(), fileURLToPath(new URL('../../fixtures/data', import.meta.url)));

export function fixture(...names: string[]): { paths: string[] } {
  return { paths: [join(FIXTURES, ...names)] };
}

/** The defaults of an experiment, but every row of the release. */
export const OPTIONS: DataOptions = {
  locale: 'us',
  version: 'all',
  productFields: ['product_title'],
  devQueries: 0.1,
  maxQueries: null,
  seed: 42,
};

/** Everything but the fingerprint and the words about the source, with products as plain values. */
export function contents({ train, dev, test }: JudgedData): unknown {
  return { train, dev, test };
}
