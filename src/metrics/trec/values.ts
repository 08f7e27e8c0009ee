import type { JudgedRanking } from './judged-ranking.ts';

/**
 * The arithmetic of trec_eval 9.0.8's measures, one query each, in its order of operations so that sums agree to the last
 * bit. `cutoff` counts ranks; a ranking shorter than the cutoff is filled up with non-relevant documents.
 */

/** Average precision over the first `cutoff` ranks (all of them for `map`); the divisor is all relevant documents. */
export function averagePrecision(ranking: JudgedRanking, cutoff = Infinity): number {
  let found = 0;
  let sum = 0;
  for (let i = 0; i < ranking.relevance.length && i < cutoff; i++) {
    if (ranking.relevance[i]! >= ranking.level) sum += ++found / (i + 1);
  }
  return found > 0 ? sum / ranking.nRelevant : 0;
}

/** Relevant documents among the first `cutoff` ranks. */
export function relevantAt(ranking: JudgedRanking, cutoff: number): number {
  let found = 0;
  for (let i = 0; i < ranking.relevance.length && i < cutoff; i++) if (ranking.relevance[i]! >= ranking.level) found++;
  return found;
}

/** 1 / rank of the first relevant document, 0 when none is retrieved. */
export function reciprocalRank(ranking: JudgedRanking): number {
  const index = ranking.relevance.findIndex((value) => value >= ranking.level);
  return index < 0 ? 0 : 1 / (index + 1);
}

/**
 * Binary preference (Buckley & Voorhees 2004): share of the top R judged non-relevant documents that do not stand before a
 * relevant one, R = number of relevant documents. Documents without a judgement are passed over.
 */
export function bpref(ranking: JudgedRanking): number {
  const nOthers = ranking.judged.length - ranking.nRelevant;
  let before = 0;
  let sum = 0;
  for (const value of ranking.relevance) {
    if (value < 0) continue;
    if (value < ranking.level) before++;
    else if (before === 0) sum += 1;
    else sum += 1 - Math.min(before, ranking.nRelevant) / Math.min(nOthers, ranking.nRelevant);
  }
  return ranking.nRelevant > 0 ? sum / ranking.nRelevant : 0;
}

/** nDCG with linear gains over log2(rank + 1) at each cutoff; `gainOf` maps a relevance to its gain. */
export function trecNdcg(
  ranking: JudgedRanking,
  cutoff = Infinity,
  gainOf: (relevance: number) => number = (relevance) => relevance,
): number {
  const ideal = ranking.judged.map(gainOf).sort((a, b) => b - a);
  const dcg = sumOfGains(
    ranking.relevance.map((value) => (value < 0 ? 0 : gainOf(value))),
    cutoff,
  );
  const idealDcg = sumOfGains(
    ideal.filter((gain) => gain > 0),
    cutoff,
  );
  return idealDcg > 0 ? dcg / idealDcg : 0;
}

function sumOfGains(gains: readonly number[], cutoff: number): number {
  let sum = 0;
  for (let i = 0; i < gains.length && i < cutoff; i++) if (gains[i] !== 0) sum += gains[i]! / Math.log2(i + 2);
  return sum;
}

/**
 * Interpolated precision at recall fractions, ascending: the highest precision at any rank from the one on where
 * ⌊fraction · R + 0.9⌋ relevant documents are found (trec_eval 9.0's rounding); 0 where so many are never found.
 */
export function interpolatedPrecision(ranking: JudgedRanking, fractions: readonly number[]): number[] {
  const { relevance, level } = ranking;
  // bestFrom[k]: highest precision at a rank where at least k relevant documents are found.
  const bestFrom = new Array<number>(ranking.nRelevantRetrieved + 1).fill(0);
  let found = ranking.nRelevantRetrieved;
  let best = relevance.length > 0 ? found / relevance.length : 0;
  for (let i = relevance.length; i > 0 && found > 0; i--) {
    best = Math.max(best, found / i);
    if (relevance[i - 1]! >= level) bestFrom[found--] = best;
  }
  bestFrom[0] = best;
  return fractions.map((fraction) => bestFrom[Math.trunc(fraction * ranking.nRelevant + 0.9)] ?? 0);
}
