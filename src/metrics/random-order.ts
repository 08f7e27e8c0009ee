/**
 * Expectations under a uniformly random order of n products of which r are relevant: the floor beside each metric. All are
 * exact. Every rank is relevant with probability r / n; two ranks are both relevant with (r / n)·((r − 1) / (n − 1)).
 */

/** Precision over the first min(k, n). */
export function expectedPrecision(n: number, r: number): number {
  return r / n;
}

/** Recall at k, also Rprec at k = r. */
export function expectedRecallAt(k: number, n: number, r: number): number {
  return r > 0 ? Math.min(k, n) / n : 0;
}

/** Probability that a relevant product is among the first k: 1 − C(n − r, k) / C(n, k). */
export function expectedSuccessAt(k: number, n: number, r: number): number {
  let pNone = 1;
  for (let i = 0; i < k && i < n; i++) pNone *= Math.max(0, n - r - i) / (n - i);
  return 1 - pNone;
}

/** Σ over ranks i ≤ k of P(first relevant product at i) / i. */
export function expectedReciprocalRankAt(k: number, n: number, r: number): number {
  let pNone = 1;
  let sum = 0;
  for (let i = 0; i < k && i < n && pNone > 0; i++) {
    const pRelevant = r / (n - i);
    sum += (pNone * Math.min(1, pRelevant)) / (i + 1);
    pNone *= Math.max(0, 1 - pRelevant);
  }
  return sum;
}

/** Average precision over the first k: (1/n) Σ over ranks i ≤ k of (1 + (i − 1)(r − 1)/(n − 1)) / i. */
export function expectedAveragePrecisionAt(k: number, n: number, r: number): number {
  if (r === 0) return 0;
  let sum = 0;
  for (let i = 1; i <= k && i <= n; i++) sum += (1 + (n > 1 ? ((i - 1) * (r - 1)) / (n - 1) : 0)) / i;
  return sum / n;
}

/**
 * bpref: each relevant product has 0…N of the N = n − r others before it, all equally likely, and scores
 * 1 − min(before, r) / min(N, r).
 */
export function expectedBpref(n: number, r: number): number {
  const others = n - r;
  if (r === 0) return 0;
  if (others === 0) return 1;
  const capped = Math.min(others, r);
  const sumOfMin = (capped * (capped + 1)) / 2 + (others - capped) * capped;
  return 1 - sumOfMin / (others + 1) / capped;
}
