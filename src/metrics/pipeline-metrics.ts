import { precisionAt, recallAt, reciprocalRankAt } from './binary.ts';
import { countRelevant, type MetricDefinition } from './definition.ts';
import type { Label } from '../vocabulary/label.ts';
import { expectedNdcg, ndcg } from './ndcg.ts';
import { expectedPrecision, expectedRecallAt, expectedReciprocalRankAt } from './random-order.ts';
import { TREC_RELEVANCE } from './trec/judged-ranking.ts';

/** What the original pipeline's metrics have in common, as a sentence and as fields. */
const COMMON =
  'E, S and C count as relevant; queries of the same text are one; a query without both a relevant and an irrelevant product is skipped';

const SHARED = {
  unit: 'text',
  needsProductIds: false,
  whenEmpty: 'skip',
  isEmpty: (labels: readonly Label[]) => {
    const nRelevant = countRelevant(labels);
    return nRelevant === 0 || nRelevant === labels.length;
  },
  idealScore: (label: Label) => TREC_RELEVANCE[label],
} as const;

/** The cutoff the pipeline reports. */
export const PIPELINE_CUTOFF = 10;

/** The original pipeline's metrics at a cutoff; it reports them at 10. */
export function pipelineMetrics(k: number): MetricDefinition[] {
  return [
    {
      ...SHARED,
      name: `mrr@${k}`,
      label: `MRR@${k}`,
      definition: `1 / rank of the first relevant product among the first ${k}, else 0, mean over queries. ${COMMON}; ties keep the data's order.`,
      value: (view) => reciprocalRankAt(k, view.relevantByRank()),
      expected: (labels) => expectedReciprocalRankAt(k, labels.length, countRelevant(labels)),
    },
    {
      ...SHARED,
      name: `ndcg@${k}`,
      label: `NDCG@${k}`,
      definition: `Binary gains over log2(rank + 1), first ${k}, divided by the best possible sum, mean over queries. ${COMMON}; products of equal score share their gains (scikit-learn's ndcg_score).`,
      value: ({ query }) => ndcg(query.scores, binaryGains(query.labels), k),
      expected: (labels) => expectedNdcg(binaryGains(labels), k),
    },
    {
      ...SHARED,
      name: `p@${k}`,
      label: `P@${k}`,
      definition: `Share of relevant products among the first ${k}, or among all when there are fewer, mean over queries. ${COMMON}; ties keep the data's order.`,
      value: (view) => precisionAt(k, view.relevantByRank()),
      expected: (labels) => expectedPrecision(labels.length, countRelevant(labels)),
    },
    {
      ...SHARED,
      name: `r@${k}`,
      label: `R@${k}`,
      definition: `Share of all relevant products that stand among the first ${k}, mean over queries. ${COMMON}; ties keep the data's order.`,
      value: (view) => recallAt(k, view.relevantByRank()),
      expected: (labels) => expectedRecallAt(k, labels.length, countRelevant(labels)),
    },
  ];
}

function binaryGains(labels: readonly Label[]): number[] {
  return labels.map((label) => (label === 'I' ? 0 : 1));
}
