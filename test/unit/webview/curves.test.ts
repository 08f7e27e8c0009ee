import { describe, expect, it } from 'vitest';
import { ESCI_GAINS } from '../../../src/vocabulary/label.ts';
import { ndcg } from '../../../src/metrics/ndcg.ts';
import { markWords, rankProducts } from '../../../webview/ranking/ranked.ts';
import { deltaText, intervalText, scoreText } from '../../../src/vocabulary/words/metric.ts';
import { duration } from '../../../webview/shared/format.ts';
import { decimate, interpolate, lowerBound, smooth, valueAt } from '../../../webview/shared/reduce.ts';

const ramp = (n: number) => Float64Array.from({ length: n }, (_, i) => i + 1);

describe('smoothing', () => {
  it('keeps a constant and begins at the first value', () => {
    expect([...smooth(Float64Array.of(3, 3, 3), 0.9)].map((v) => Number(v.toFixed(12)))).toEqual([3, 3, 3]);
    expect(smooth(Float64Array.of(5, 1), 0.9)[0]).toBeCloseTo(5, 12);
  });
  it('passes over values that are missing', () => {
    const smoothed = smooth(Float64Array.of(1, NaN, 1), 0.5);
    expect(smoothed[1]).toBeNaN();
    expect(smoothed[2]).toBeCloseTo(1, 12);
  });
});

describe('decimation', () => {
  it('keeps a single spike among 100,000 points, ascending, and few points', () => {
    const x = ramp(100_000);
    const y = x.map((v) => (v === 77_777 ? 9 : v === 12_345 ? -9 : Math.sin(v)));
    const small = decimate({ x, y }, [1, 100_000], 500);
    expect(Math.max(...small.y)).toBe(9);
    expect(Math.min(...small.y)).toBe(-9);
    expect(small.x.length).toBeLessThanOrEqual(4 * 502);
    expect([...small.x]).toEqual([...small.x].sort((a, b) => a - b));
    expect(new Set(small.x).size).toBe(small.x.length);
  });
  it('gives a range with a neighbour on either side', () => {
    const x = ramp(100);
    expect([...decimate({ x, y: x }, [10.5, 12.5], 500).x]).toEqual([10, 11, 12, 13]);
  });
});

it('finds places and values between points', () => {
  const x = Float64Array.of(1, 3, 5);
  expect([0, 1, 2, 5, 6].map((v) => lowerBound(x, v))).toEqual([0, 0, 1, 2, 3]);
  expect(valueAt({ x, y: Float64Array.of(10, 30, 50) }, 4)).toBe(30);
  expect(valueAt({ x, y: x }, 0)).toBeUndefined();
  expect([...interpolate(x, Float64Array.of(10, 30, 50), Float64Array.of(0, 1, 2, 5, 6))]).toEqual([
    NaN,
    10,
    20,
    50,
    NaN,
  ]);
});

it('says what swapping a misplaced product would add to nDCG', () => {
  const labels = ['S', 'I', 'E', 'C'] as const;
  const ranking = {
    id: '1',
    text: 'q',
    products: labels.map((label, i) => ({ id: String(i), title: '', label })),
    scores: { a: [4, 3, 2, 1], b: [1, 2, 3, 4] },
  };
  const [first] = rankProducts(ranking, 'a', 'b', ESCI_GAINS);
  const gains = labels.map((label) => ESCI_GAINS[label]);
  const swapped = ndcg([2, 3, 4, 1], gains) - ndcg([4, 3, 2, 1], gains);
  expect(first).toMatchObject({ rank: 1, otherRank: 4, swapRank: 3 });
  expect(first!.cost).toBeCloseTo(swapped, 12);
});

it('marks words of the query, plural or not', () => {
  const marked = markWords('Running shoe for runners', 'running shoes').filter(({ isMatch }) => isMatch);
  expect(marked.map(({ text }) => text)).toEqual(['Running', 'shoe']);
});

it('writes signs as people do', () => {
  expect(deltaText(-0.0045)).toBe('−0.0045');
  expect(deltaText(-0.00001)).toBe('0.0000');
  expect(intervalText([-0.002, 0.01])).toBe('[−0.0020, +0.0100]');
  expect([1.385, -0.3, -0.00001, undefined].map(scoreText)).toEqual(['1.385', '−0.300', '0.000', '–']);
  expect([8_000, 100_000, 7_510_000].map(duration)).toEqual(['8s', '1m\u202f40s', '2h\u202f05m']);
});
