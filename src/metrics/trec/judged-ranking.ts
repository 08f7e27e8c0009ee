import type { Label } from '../../vocabulary/label.ts';
import { compareBytes } from './byte-order.ts';

/** Relevance in TREC qrels. Irrelevant is 0, so that `map`, `P` and the like do not count it as relevant. */
export const TREC_RELEVANCE = { E: 3, S: 2, C: 1, I: 0 } as const satisfies Record<Label, number>;

/** Relevance given to a retrieved document that the qrels do not hold. */
const NOT_JUDGED = -1;

/** One query as trec_eval sees it. */
export interface JudgedRanking {
  /** Relevance by rank, best first; negative for a document without a judgement. */
  readonly relevance: readonly number[];
  /** All judged relevances (≥ 0) of the query, retrieved or not, from high to low. */
  readonly judged: readonly number[];
  /** Smallest relevance that counts as relevant. */
  readonly level: number;
  readonly nRelevant: number;
  readonly nRelevantRetrieved: number;
}

export interface RankingOptions {
  /** Smallest relevance that counts as relevant; 1 unless given. */
  readonly level?: number;
  /** Drop documents without a judgement from the ranking (trec_eval's -J). */
  readonly isJudgedOnly?: boolean;
  /** Keep at most so many documents a query (trec_eval's -M). */
  readonly maxDocuments?: number;
}

/**
 * Indices in trec_eval's order: by score, rounded to float32, from high to low; ties by document id, compared as bytes,
 * from high to low.
 */
export function trecOrder(ids: readonly string[], scores: ArrayLike<number>): number[] {
  const rounded = Float32Array.from(scores);
  for (let i = 0; i < rounded.length; i++) if (Number.isNaN(rounded[i])) rounded[i] = -Infinity;
  const order = Array.from({ length: ids.length }, (_, index) => index);
  return order.sort((a, b) => rounded[b]! - rounded[a]! || compareBytes(ids[b]!, ids[a]!));
}

/** Joins a ranking with the query's judgements. `relevances` maps document ids to the qrels' numbers, negative = unjudged. */
export function judgeRanking(
  ids: readonly string[],
  scores: ArrayLike<number>,
  relevances: ReadonlyMap<string, number>,
  options: RankingOptions = {},
): JudgedRanking {
  const order = trecOrder(ids, scores).slice(0, options.maxDocuments);
  const relevance = order.map((index) => relevances.get(ids[index]!) ?? NOT_JUDGED);
  return summarise(
    options.isJudgedOnly ? relevance.filter((value) => value >= 0) : relevance,
    [...relevances.values()],
    options.level ?? 1,
  );
}

/** A ranking of which every document has an ESCI label. */
export function judgeLabels(
  ids: readonly string[],
  scores: ArrayLike<number>,
  labels: readonly Label[],
  relevanceOf: Readonly<Record<Label, number>> = TREC_RELEVANCE,
): JudgedRanking {
  const relevance = trecOrder(ids, scores).map((index) => relevanceOf[labels[index]!]);
  return summarise(relevance, relevance, 1);
}

function summarise(relevance: readonly number[], judgements: readonly number[], level: number): JudgedRanking {
  const judged = judgements.filter((value) => value >= 0).sort((a, b) => b - a);
  return {
    relevance,
    judged,
    level,
    nRelevant: count(judged, level),
    nRelevantRetrieved: count(relevance, level),
  };
}

function count(relevances: readonly number[], level: number): number {
  let n = 0;
  for (const value of relevances) if (value >= level) n++;
  return n;
}
