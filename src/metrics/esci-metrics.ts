import type { MetricDefinition } from './definition.ts';
import type { Gains, Label } from '../vocabulary/label.ts';
import { expectedNdcg, ndcg } from './ndcg.ts';
import { judgeLabels, TREC_RELEVANCE } from './trec/judged-ranking.ts';
import { trecNdcg } from './trec/values.ts';

/** Gains of the official evaluation script, which swaps S and C against the paper (relevances 4, 3, 2, 1 = E, C, S, I). */
const OFFICIAL_GAINS: Gains = { E: 1, S: 0.01, C: 0.1, I: 0 };

/** `OFFICIAL_GAINS` by TREC relevance, as the 32-bit floats that trec_eval keeps. */
const OFFICIAL_GAIN_OF = new Map(
  (['E', 'S', 'C', 'I'] as const).map((label) => [TREC_RELEVANCE[label], Math.fround(OFFICIAL_GAINS[label])]),
);

/** nDCG over the full list with ESCI's gains, the primary metric, and the official script's variant of it. */
export const ESCI_METRICS: readonly MetricDefinition[] = [
  {
    name: 'esci_ndcg',
    label: 'ESCI nDCG',
    definition:
      'Gains E 1, S 0.1, C 0.01, I 0 (unless the experiment sets others) over log2(rank + 1), full list, divided by the best possible sum; products of equal score share their gains; mean over queries; a query without a positive gain counts 0.',
    unit: 'query',
    needsProductIds: false,
    whenEmpty: 'zero',
    isEmpty: hasNoGain,
    value: ({ query }, gains) => ndcg(query.scores, gainsOf(query.labels, gains)),
    expected: (labels, gains) => expectedNdcg(gainsOf(labels, gains)),
    idealScore: (label, gains) => gains[label],
  },
  {
    name: 'esci_ndcg_official',
    label: 'ESCI nDCG (official script)',
    definition:
      'nDCG as the data set’s evaluation script computes it: S gains 0.01 and C 0.1, swapped against the paper; ties by product id as in trec_eval. To compare with numbers made by that script, with nothing else.',
    unit: 'query',
    needsProductIds: true,
    whenEmpty: 'zero',
    isEmpty: (labels) => hasNoGain(labels, OFFICIAL_GAINS),
    value: ({ query }) =>
      trecNdcg(
        judgeLabels(query.productIds, query.scores, query.labels),
        Infinity,
        (relevance) => OFFICIAL_GAIN_OF.get(relevance as 0 | 1 | 2 | 3) ?? 0,
      ),
    expected: (labels) => expectedNdcg(gainsOf(labels, OFFICIAL_GAINS).map(Math.fround)),
    idealScore: (label) => OFFICIAL_GAINS[label],
  },
];

/** Gains by label as an array, in the labels' order. */
function gainsOf(labels: readonly Label[], gains: Gains): number[] {
  return labels.map((label) => gains[label]);
}

function hasNoGain(labels: readonly Label[], gains: Gains): boolean {
  return !labels.some((label) => gains[label] > 0);
}
