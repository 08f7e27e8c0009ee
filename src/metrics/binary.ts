/**
 * The original pipeline's binary metrics, on one query. `relevant` holds 1 or 0 by rank, best first. Ties were resolved
 * by the caller (input order).
 */

/** 1 / rank of the first relevant product among the first k, else 0. */
export function reciprocalRankAt(k: number, relevant: ArrayLike<number>): number {
  for (let i = 0; i < relevant.length && i < k; i++) if (relevant[i]) return 1 / (i + 1);
  return 0;
}

/** Share of relevant products among the first min(k, n). */
export function precisionAt(k: number, relevant: ArrayLike<number>): number {
  return countRelevant(relevant, k) / Math.min(k, relevant.length);
}

/** Share of all relevant products that stand among the first k. */
export function recallAt(k: number, relevant: ArrayLike<number>): number {
  return countRelevant(relevant, k) / countRelevant(relevant, Infinity);
}

function countRelevant(relevant: ArrayLike<number>, k: number): number {
  let n = 0;
  for (let i = 0; i < relevant.length && i < k; i++) if (relevant[i]) n++;
  return n;
}
