import { NOISE, N_PRODUCTS } from './build.ts';
import { buildDataset, SPLITS } from './dataset.ts';

/** Seed of the data set in assets/quickstart. */
export const SEED = 20240607;

/** The files of assets/quickstart, name → content. Query ids count through the splits. */
export function quickstartFiles(): Map<string, string> {
  const dataset = buildDataset(SEED);
  const files = new Map<string, string>();
  let queryId = 0;
  for (const split of SPLITS) {
    const lines = dataset[split].flatMap(({ text, judgements }) => {
      queryId++;
      return judgements.map(({ product, label }) =>
        JSON.stringify({
          query_id: queryId,
          query: text,
          product_id: product.id,
          product_title: product.title,
          product_locale: 'us',
          esci_label: label,
          split,
          small_version: 1,
          large_version: 1,
        }),
      );
    });
    files.set(`${split}.jsonl`, `${lines.join('\n')}\n`);
  }
  const about = {
    name: 'quickstart',
    synthetic: true,
    description: 'Generated product searches. They show the tool, not ranking quality; brands are invented.',
    generator: 'scripts/quickstart',
    seed: SEED,
    label_noise: NOISE,
    products_per_query: N_PRODUCTS,
    queries: Object.fromEntries(SPLITS.map((split) => [split, dataset[split].length])),
    license: 'Apache-2.0',
  };
  files.set('dataset.json', `${JSON.stringify(about, null, 2)}\n`);
  return files;
}
