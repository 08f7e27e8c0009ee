import type { Gains, Label } from '../vocabulary/label.ts';
import { orderByScore } from './score-order.ts';
import type { ScoredQuery } from './scored-query.ts';
import { type JudgedRanking, judgeLabels } from './trec/judged-ranking.ts';

/** One metric: what a person reads about it, and its arithmetic. */
export interface MetricDefinition {
  /** As in `evaluation.metrics`, for example `ndcg@10`. */
  readonly name: string;
  /** Column header, for example `NDCG@10`. */
  readonly label: string;
  /** One sentence for a hover. */
  readonly definition: string;
  /** What is one observation: a query, or all queries of the same text together. */
  readonly unit: 'query' | 'text';
  /** Whether the order of tied scores depends on product ids. */
  readonly needsProductIds: boolean;
  /** A unit of which the metric says nothing (no relevant product, for instance) is skipped, or counts 0; both are counted aloud. */
  readonly whenEmpty: 'skip' | 'zero';
  readonly isEmpty: (labels: readonly Label[], gains: Gains) => boolean;
  readonly value: (view: QueryView, gains: Gains) => number;
  /** Exact expectation under a uniformly random order. */
  readonly expected: (labels: readonly Label[], gains: Gains) => number;
  /** Scores that put the products in the best possible order. */
  readonly idealScore: (label: Label, gains: Gains) => number;
}

/** One unit under evaluation; orders are computed once and shared by all metrics. */
export interface QueryView {
  readonly query: ScoredQuery;
  /** 1 or 0 by rank: E, S and C are relevant; ties keep input order. */
  readonly relevantByRank: () => readonly number[];
  /** In trec_eval's order with relevances E=3 S=2 C=1 I=0. */
  readonly trec: () => JudgedRanking;
}

/** A view of a query whose orders are computed when first asked for. */
export function viewQuery(query: ScoredQuery): QueryView {
  let relevant: readonly number[] | undefined;
  let trec: JudgedRanking | undefined;
  return {
    query,
    relevantByRank: () =>
      (relevant ??= orderByScore(query.scores).map((index) => (query.labels[index] === 'I' ? 0 : 1))),
    trec: () => (trec ??= judgeLabels(query.productIds, query.scores, query.labels)),
  };
}

/** How many of the labels are E, S or C. */
export function countRelevant(labels: readonly Label[]): number {
  let n = 0;
  for (const label of labels) if (label !== 'I') n++;
  return n;
}
