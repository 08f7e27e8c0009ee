import { expect, it } from 'vitest';
import { countPairs, examplesFor, judgementsOf } from '../../../src/trainer/loop/examples.ts';
import { query } from './queries.ts';

it('takes what the loss learns from, in the data’s order, and numbers the pairs', () => {
  const queries = [query('a', 'ESI'), query('b', 'CE')];
  const all = examplesFor('MSE', queries);
  expect(all).toHaveLength(5);
  expect(all.map(({ firstPair }) => firstPair)).toEqual([0, 1, 2, 3, 4]);
  const exact = examplesFor('multiple-negatives', queries);
  expect(exact.map((example) => example.query.id + judgementsOf(example)[0]!.label)).toEqual(['aE', 'bE']);
  expect(exact.map(({ queryIndex, products }) => [queryIndex, products])).toEqual([
    [0, [0]],
    [1, [1]],
  ]);
  expect(countPairs(exact)).toBe(2);
});
