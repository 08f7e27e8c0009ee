import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatDataSummary, summariseData } from '../../../../src/data/describe.ts';
import { loadJudgedData } from '../../../../src/data/load-data.ts';
import type { DataOptions } from '../../../../src/data/data-options.ts';
import type { Reader } from '../format.ts';
import { fileOf } from './seeds.ts';

const OPTIONS: DataOptions = {
  locale: 'us',
  version: 'all',
  productFields: ['product_title', 'product_brand'],
  devQueries: 0.2,
  maxQueries: null,
  seed: 1,
  require: [],
};

/** Reads a file of judgements that lies in a folder of its own under the given name, and sums it up. */
export function judgementFile(name: string): Reader {
  return async (bytes, folder) => loadFolder(folder, { [name]: bytes });
}

const EXAMPLES = 'shopping_queries_dataset_examples.parquet';
const PRODUCTS = 'shopping_queries_dataset_products.parquet';

/** Reads a file as the products beside intact judgements. */
export const productFile: Reader = (bytes, folder) =>
  loadFolder(folder, { [EXAMPLES]: fileOf(`test/fixtures/data/whole/official/${EXAMPLES}`), [PRODUCTS]: bytes });

async function loadFolder(folder: string, files: Readonly<Record<string, Uint8Array>>): Promise<string[]> {
  const own = join(folder, Object.keys(files).join('+'));
  mkdirSync(own, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(own, name), bytes);
  return formatDataSummary(summariseData(await loadJudgedData({ paths: [own] }, OPTIONS)));
}
