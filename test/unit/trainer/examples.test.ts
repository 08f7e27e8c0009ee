import { describe, expect, it } from 'vitest';
import { ESCI_GAINS, LABELS } from '../../../src/vocabulary/label.ts';
import { classOf, examplesFor, scoreOf, targetsOf } from '../../../src/trainer/loop/examples.ts';
import { query } from './queries.ts';

describe('targets and scores', () => {
  it('one output: the gain is the target and the logit the score', () => {
    expect(LABELS.map((label) => targetsOf(label, 1, ESCI_GAINS))).toEqual([[1], [0.1], [0.01], [0]]);
    expect(scoreOf([-3.5], ESCI_GAINS)).toBe(-3.5);
  });

  it('four outputs: one-hot targets, and the expected gain as the score', () => {
    expect(targetsOf('C', 4, ESCI_GAINS)).toEqual([0, 0, 1, 0]);
    expect(scoreOf([0, 0, 0, 0], ESCI_GAINS)).toBeCloseTo((1 + 0.1 + 0.01) / 4, 12);
    expect(scoreOf([1000, 0, 0, 0], ESCI_GAINS)).toBeCloseTo(1, 12);
  });

  it('fewer outputs: the least relevant labels share the last one; more: the rest stay empty', () => {
    expect(LABELS.map((label) => classOf(label, 2))).toEqual([0, 1, 1, 1]);
    expect(scoreOf([-1000, 0], ESCI_GAINS)).toBeCloseTo((0.1 + 0.01 + 0) / 3, 12);
    expect(LABELS.map((label) => classOf(label, 6))).toEqual([0, 1, 2, 3]);
    expect(scoreOf([-1000, -1000, -1000, -1000, 0, 0], ESCI_GAINS)).toBe(0);
  });

  it('orders products as their labels do', () => {
    const scores = LABELS.map((label) => scoreOf(targetsOf(label, 4, ESCI_GAINS), ESCI_GAINS));
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });
});

describe('examplesFor', () => {
  it('takes every judgement, but only Exact ones for multiple negatives', () => {
    const queries = [query('a', 'ESI'), query('b', 'CE')];
    expect(examplesFor('MSE', queries)).toHaveLength(5);
    expect(examplesFor('multiple-negatives', queries).map(({ query: { id }, label }) => id + label)).toEqual([
      'aE',
      'bE',
    ]);
  });
});
