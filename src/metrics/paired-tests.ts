import { indexBelow, seededRandom } from './seeded-random.ts';

/** A paired comparison of two rankers on the same queries; delta = candidate − baseline. */
export interface PairedComparison {
  /** Queries that both sides count. */
  readonly nPairs: number;
  /** 0 when there are no pairs. */
  readonly meanDelta: number;
  /** 95 % percentile bootstrap interval of the mean delta. */
  readonly interval: readonly [number, number];
  /** Two-sided p of the paired randomisation (sign flip) test; 1 when no query differs. */
  readonly p: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

export interface PairedOptions {
  /** 1 unless given. */
  readonly seed?: number;
  /** Resamples of the bootstrap and sign patterns of the test; 10,000 unless given. */
  readonly nResamples?: number;
  /** Deltas up to this size are ties; 1e-9 unless given, far below any real difference and above rounding. */
  readonly epsilon?: number;
}

/** Up to so many differing queries all sign patterns are enumerated, so p is exact. */
const MAX_EXACT = 13;

/**
 * Compares two metric columns query by query; a query where either is NaN is left out. The time is nPairs · nResamples
 * draws, twice: 22,458 queries take about 3 seconds, so call it from a worker.
 */
export function comparePaired(
  baseline: Float64Array,
  candidate: Float64Array,
  { seed = 1, nResamples = 10_000, epsilon = 1e-9 }: PairedOptions = {},
): PairedComparison {
  if (baseline.length !== candidate.length) {
    throw new Error(`paired columns of ${baseline.length} and ${candidate.length} queries`);
  }
  const deltas = candidate
    .map((value, query) => value - baseline[query]!)
    .filter((delta) => !Number.isNaN(delta))
    .map((delta) => (Math.abs(delta) <= epsilon ? 0 : delta));
  const wins = deltas.filter((delta) => delta > 0).length;
  const losses = deltas.filter((delta) => delta < 0).length;
  return {
    nPairs: deltas.length,
    meanDelta: mean(deltas),
    interval: bootstrapInterval(deltas, nResamples, seed),
    p: randomisationP(deltas, nResamples, seed),
    wins,
    ties: deltas.length - wins - losses,
    losses,
  };
}

/** Percentile interval (2.5 %, 97.5 %, linear interpolation) of the mean under resampling with replacement (Efron 1979). */
function bootstrapInterval(deltas: Float64Array, nResamples: number, seed: number): [number, number] {
  const n = deltas.length;
  if (n === 0) return [0, 0];
  const random = seededRandom(seed);
  const means = new Float64Array(nResamples);
  for (let resample = 0; resample < nResamples; resample++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += deltas[indexBelow(n, random())]!;
    means[resample] = sum / n;
  }
  means.sort();
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/**
 * Two-sided p under the hypothesis that each query's delta is as likely negated (Smucker, Allan & Carterette 2007): share
 * of sign patterns whose |sum| reaches the observed one. Sampled patterns count the observed one too, so p > 0.
 */
function randomisationP(deltas: Float64Array, nResamples: number, seed: number): number {
  const sizes = deltas.filter((delta) => delta !== 0).map(Math.abs);
  if (sizes.length === 0) return 1;
  // Rounding must not decide whether a pattern reaches the observed sum.
  const observed = Math.abs(sum(deltas)) * (1 - 1e-12) - 1e-15;
  if (sizes.length <= MAX_EXACT) {
    const nPatterns = 2 ** sizes.length;
    let nReached = 0;
    for (let signs = 0; signs < nPatterns; signs++) if (flippedSum(sizes, () => signs) >= observed) nReached++;
    return nReached / nPatterns;
  }
  const random = seededRandom(seed + 0x5eed);
  let nReached = 0;
  for (let i = 0; i < nResamples; i++) if (flippedSum(sizes, random) >= observed) nReached++;
  return (nReached + 1) / (nResamples + 1);
}

/** |Σ ± size| with the signs taken from the bits of successive draws, 32 each. */
function flippedSum(sizes: Float64Array, draw: () => number): number {
  let total = 0;
  let bits = 0;
  for (let i = 0; i < sizes.length; i++) {
    if ((i & 31) === 0) bits = draw();
    // −1 or +1 without a branch, which would be mispredicted half the time.
    total += ((bits & 1) * 2 - 1) * sizes[i]!;
    bits >>>= 1;
  }
  return Math.abs(total);
}

function quantile(sorted: Float64Array, q: number): number {
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mean(values: Float64Array): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}
