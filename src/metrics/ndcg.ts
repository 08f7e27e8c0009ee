import { orderByScore } from './score-order.ts';

/** Σ 1 / log2(rank + 1) over ranks 1…n, by n; grown on demand. */
const discountSums = [0];

/** Sum of the discounts 1 / log2(rank + 1) of ranks 1 to n. */
export function discountSum(n: number): number {
  for (let rank = discountSums.length; rank <= n; rank++) {
    discountSums.push(discountSums[rank - 1]! + 1 / Math.log2(rank + 1));
  }
  return discountSums[n]!;
}

/**
 * Discounted cumulative gain of the first `cutoff` ranks, where products of equal score share the mean of their gains: the
 * expectation over all orders of the tied products (McSherry & Najork 2008; scikit-learn's `ndcg_score`).
 */
export function tieAveragedDcg(scores: ArrayLike<number>, gains: ArrayLike<number>, cutoff: number): number {
  const order = orderByScore(scores);
  const at = (rank: number) => discountSum(Math.min(rank, cutoff));
  let dcg = 0;
  for (let start = 0; start < order.length && start < cutoff;) {
    const score = scores[order[start]!]!;
    let end = start;
    let gain = 0;
    do gain += gains[order[end++]!]!;
    while (end < order.length && sameScore(scores[order[end]!]!, score));
    dcg += (gain / (end - start)) * (at(end) - at(start));
    start = end;
  }
  return dcg;
}

function sameScore(a: number, b: number): boolean {
  return a === b || (Number.isNaN(a) && Number.isNaN(b));
}

/** The largest DCG that the first `cutoff` ranks can have. */
export function idealDcg(gains: ArrayLike<number>, cutoff: number): number {
  const sorted = Array.from(gains).sort((a, b) => b - a);
  let dcg = 0;
  for (let rank = 1; rank <= sorted.length && rank <= cutoff; rank++) dcg += sorted[rank - 1]! / Math.log2(rank + 1);
  return dcg;
}

/** Tie-averaged nDCG, 0…1; 0 when no product has a positive gain. */
export function ndcg(scores: ArrayLike<number>, gains: ArrayLike<number>, cutoff = Infinity): number {
  const ideal = idealDcg(gains, cutoff);
  return ideal > 0 ? tieAveragedDcg(scores, gains, cutoff) / ideal : 0;
}

/** Expected nDCG of a uniformly random order: every rank holds the mean gain. 0 when no product has a positive gain. */
export function expectedNdcg(gains: ArrayLike<number>, cutoff = Infinity): number {
  const ideal = idealDcg(gains, cutoff);
  if (ideal <= 0) return 0;
  let total = 0;
  for (let i = 0; i < gains.length; i++) total += gains[i]!;
  return ((total / gains.length) * discountSum(Math.min(gains.length, cutoff))) / ideal;
}
