import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparePaired } from '../../../src/metrics/paired-tests.ts';
import { indexBelow, seededRandom } from '../../../src/metrics/seeded-random.ts';

const { paired } = JSON.parse(
  readFileSync(new URL('../../fixtures/metrics/pipeline.json', import.meta.url), 'utf8'),
) as {
  paired: {
    exact: { deltas: number[]; p: number }[];
    large: { deltas: number[]; interval: [number, number]; p: number };
  };
};

function compare(deltas: readonly number[], options?: Parameters<typeof comparePaired>[2]) {
  return comparePaired(new Float64Array(deltas.length), Float64Array.from(deltas), options);
}

describe('paired comparison', () => {
  it.each(paired.exact)('has SciPy’s exact p for few queries ($p)', ({ deltas, p }) => {
    expect(compare(deltas).p).toBeCloseTo(p, 12);
  });

  it('agrees with SciPy’s bootstrap and permutation test on many', () => {
    const { deltas, interval, p } = paired.large;
    const ours = compare(deltas);
    const width = interval[1] - interval[0];
    // Both are random: the standard error of a 2.5 % quantile from 10,000 resamples is about 0.7 % of the width.
    expect(Math.abs(ours.interval[0] - interval[0])).toBeLessThan(width * 0.03);
    expect(Math.abs(ours.interval[1] - interval[1])).toBeLessThan(width * 0.03);
    expect(Math.abs(ours.p - p)).toBeLessThan(0.015);
    expect(ours.meanDelta).toBeCloseTo(deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length, 12);
  });

  it('is the same for the same seed and another for another', () => {
    const { deltas } = paired.large;
    expect(compare(deltas, { seed: 3 })).toEqual(compare(deltas, { seed: 3 }));
    expect(compare(deltas, { seed: 3 }).interval).not.toEqual(compare(deltas, { seed: 4 }).interval);
  });

  it('counts wins, ties and losses, and leaves out what either side does not count', () => {
    const baseline = Float64Array.of(0.5, 0.5, 0.5, NaN, 0.5, 0.5);
    const candidate = Float64Array.of(0.6, 0.4, 0.5 + 1e-12, 0.9, NaN, 0.7);
    expect(comparePaired(baseline, candidate)).toMatchObject({ nPairs: 4, wins: 2, ties: 1, losses: 1 });
  });

  it('says nothing where nothing differs', () => {
    expect(compare([0, 0, 0])).toMatchObject({ meanDelta: 0, interval: [0, 0], p: 1, ties: 3 });
    expect(compare([])).toMatchObject({ nPairs: 0, meanDelta: 0, interval: [0, 0], p: 1 });
  });

  it('finds a difference in all of 2,000 queries, and covers 0 for pure noise', () => {
    expect(compare(paired.large.deltas.map((delta) => delta + 0.5))).toMatchObject({ p: 1 / 10_001 });
    // 200 samples of noise: about 5 % of the intervals miss 0, and p is below 0.05 about as often.
    const random = seededRandom(11);
    let nMissed = 0;
    let nSmall = 0;
    for (let sample = 0; sample < 200; sample++) {
      const { interval, p } = compare(
        Array.from({ length: 60 }, () => random() / 2 ** 32 - 0.5),
        { seed: sample, nResamples: 1000 },
      );
      if (interval[0] > 0 || interval[1] < 0) nMissed++;
      if (p < 0.05) nSmall++;
    }
    expect(nMissed).toBeLessThan(22);
    expect(nSmall).toBeLessThan(22);
    expect(nSmall).toBeGreaterThan(1);
  });

  it('refuses columns of different lengths', () => {
    expect(() => comparePaired(new Float64Array(2), new Float64Array(3))).toThrow('2 and 3');
  });
});

describe('seeded random numbers', () => {
  it('are fixed by the seed and spread evenly', () => {
    const first = seededRandom(1);
    const again = seededRandom(1);
    const other = seededRandom(2);
    const draws = Array.from({ length: 100_000 }, () => first());
    expect(draws.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => again()));
    expect(draws.slice(0, 100)).not.toEqual(Array.from({ length: 100 }, () => other()));
    const counts = new Array<number>(10).fill(0);
    for (const draw of draws) counts[indexBelow(10, draw)]!++;
    const chiSquared = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    // 9 degrees of freedom: 27.9 is exceeded once in a thousand seeds.
    expect(chiSquared).toBeLessThan(27.9);
  });
});
