/**
 * Metrics and a paired comparison of as many queries as the large version's test split has: `npx tsx test/bench/metrics.ts`.
 * Wall-clock times of one run on this machine: about a second for the metrics, some seconds for the comparison.
 */
import { evaluateMetrics } from '../../src/metrics/evaluate.ts';
import { comparePaired } from '../../src/metrics/paired-tests.ts';
import type { ScoredQuery } from '../../src/metrics/scored-query.ts';
import { indexBelow, seededRandom } from '../../src/metrics/seeded-random.ts';
import { ESCI_GAINS } from '../../src/vocabulary/label.ts';
import type { Label } from '../../src/vocabulary/label.ts';

const N_QUERIES = 22_458;
const N_PRODUCTS = 20;
const METRICS = ['esci_ndcg', 'mrr@10', 'ndcg@10', 'p@10', 'r@10', 'trec:map', 'trec:ndcg'];

const random = seededRandom(5);
const products = <T>(make: () => T): T[] => Array.from({ length: N_PRODUCTS }, make);
const queries = Array.from({ length: N_QUERIES }, (_, query): ScoredQuery => ({
  id: String(query),
  text: `text ${query}`,
  labels: products(() => 'EESCI'[indexBelow(5, random())] as Label),
  productIds: products(() => `B0${random().toString(36)}`),
  scores: Float32Array.from(products(() => random() / 2 ** 32)),
}));
const deltas = Float64Array.from({ length: N_QUERIES }, () => random() / 2 ** 32 - 0.49);

time(`${METRICS.length} metrics of ${N_QUERIES} queries with ${N_PRODUCTS} products`, () =>
  evaluateMetrics(METRICS, queries, ESCI_GAINS),
);
time(`paired comparison of ${N_QUERIES} queries`, () => comparePaired(new Float64Array(N_QUERIES), deltas));

function time(what: string, act: () => unknown): void {
  const start = performance.now();
  act();
  console.log(`${what}: ${Math.round(performance.now() - start)} ms`);
}
