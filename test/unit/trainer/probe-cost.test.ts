import { describe, expect, it } from 'vitest';
import { quantile, spread, throughPoints } from '../../../src/trainer/jobs/probe-cost.ts';

describe('throughPoints', () => {
  const line = throughPoints([
    { x: 100, y: 20 },
    { x: 300, y: 60 },
    { x: 100, y: 40 },
  ]);

  it('gives the mean at a measured point and a straight line between two', () => {
    expect([line(100), line(200), line(300)]).toEqual([30, 45, 60]);
  });

  it('stays level below, where fixed costs rule, and grows in proportion above', () => {
    expect([line(1), line(600)]).toEqual([30, 120]);
  });
});

describe('spread', () => {
  it('takes the median, the largest, the quartiles and the smallest, each once', () => {
    expect(spread([50, 10, 40, 20, 30])).toEqual([4, 0, 3, 2, 1]);
    expect(spread([7])).toEqual([0]);
    expect(spread([])).toEqual([]);
  });
});

describe('quantile', () => {
  it('is the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([quantile(values, 0.95), quantile(values, 1), quantile([], 0.5)]).toEqual([95, 100, 0]);
  });
});
