import { countRelevant, type MetricDefinition } from './definition.ts';
import type { Label } from '../vocabulary/label.ts';
import { expectedNdcg } from './ndcg.ts';
import {
  expectedAveragePrecisionAt,
  expectedBpref,
  expectedPrecision,
  expectedRecallAt,
  expectedReciprocalRankAt,
  expectedSuccessAt,
} from './random-order.ts';
import { TREC_RELEVANCE } from './trec/judged-ranking.ts';
import { MEASURES, type MeasureFamily, type MeasureName, valueName } from './trec/measures.ts';

/** Expectation under a random order of n products, r of them relevant, at the cutoff k (∞ without one). */
type Expectation = (n: number, r: number, k: number, labels: readonly Label[]) => number;

/**
 * Families offered for experiments: those whose floor has a closed form (a geometric mean or an interpolated precision has
 * none; the command `metrics` computes them all).
 */
const OFFERED = {
  map: (n, r) => expectedAveragePrecisionAt(n, n, r),
  Rprec: (n, r) => expectedRecallAt(r, n, r),
  bpref: (n, r) => expectedBpref(n, r),
  recip_rank: (n, r) => expectedReciprocalRankAt(n, n, r),
  P: (n, r, k) => (expectedPrecision(n, r) * Math.min(n, k)) / k,
  recall: (n, r, k) => expectedRecallAt(k, n, r),
  ndcg: (_n, _r, _k, labels) => expectedNdcg(relevances(labels)),
  ndcg_cut: (_n, _r, k, labels) => expectedNdcg(relevances(labels), k),
  map_cut: (n, r, k) => expectedAveragePrecisionAt(k, n, r),
  success: (n, r, k) => expectedSuccessAt(k, n, r),
} as const satisfies Partial<Record<MeasureName, Expectation>>;

type Offered = keyof typeof OFFERED;

/** Prefix of trec_eval's measures among the metric names. */
export const TREC_PREFIX = 'trec:';

/** trec_eval's measures under the names `trec:map`, `trec:ndcg_cut_10`, …, at trec_eval's default cutoffs. */
export function trecMetrics(): MetricDefinition[] {
  return (Object.keys(OFFERED) as Offered[]).flatMap((name) => {
    const family: MeasureFamily = MEASURES[name];
    return family.parameter === 'cutoff' ? family.defaults.map((k) => trecMetric(name, k)) : [trecMetric(name)];
  });
}

/** The metric of a name such as `trec:ndcg_cut_7`: any cutoff, not only trec_eval's default ones. */
export function findTrecMetric(name: string): MetricDefinition | undefined {
  const match = /^trec:(.+?)(?:_([1-9]\d{0,8}))?$/.exec(name);
  const measure = match?.[1] ?? '';
  if (!Object.hasOwn(OFFERED, measure)) return undefined;
  const hasCutoff = MEASURES[measure as Offered].parameter === 'cutoff';
  if (hasCutoff !== (match?.[2] !== undefined)) return undefined;
  return trecMetric(measure as Offered, hasCutoff ? Number(match![2]) : undefined);
}

function trecMetric(name: Offered, cutoff?: number): MetricDefinition {
  const family: MeasureFamily = MEASURES[name];
  const parameters = cutoff === undefined ? [] : [cutoff];
  const expectation: Expectation = OFFERED[name];
  const printed = valueName(name, family, cutoff);
  return {
    name: TREC_PREFIX + printed,
    label: printed,
    definition: `trec_eval’s ${printed}: ${family.definition} Relevances E 3, S 2, C 1, I 0; ties by product id.`,
    unit: 'query',
    needsProductIds: true,
    whenEmpty: 'zero',
    isEmpty: (labels) => countRelevant(labels) === 0,
    value: (view) => family.values(view.trec(), parameters)[0]!,
    expected: (labels) => expectation(labels.length, countRelevant(labels), cutoff ?? Infinity, labels),
    idealScore: (label) => TREC_RELEVANCE[label],
  };
}

function relevances(labels: readonly Label[]): number[] {
  return labels.map((label) => TREC_RELEVANCE[label]);
}
