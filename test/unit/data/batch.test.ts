import { describe, expect, it } from 'vitest';
import { epochBatches, lengthSortedBatches } from '../../../src/data/batch.ts';
import { createRandom } from '../../../src/data/random.ts';

/** Lengths like those of real pairs: 35 tokens on average, the longest about 100. */
function realisticLengths(n: number): number[] {
  const random = createRandom(1);
  return Array.from({ length: n }, () => 12 + Math.floor(23 * -Math.log(1 - random.nextFloat() * 0.98)));
}

/** Share of the tokens of padded batches that are padding. */
function paddingShare(batches: readonly (readonly number[])[], lengths: readonly number[]): number {
  const padded = batches.reduce((sum, batch) => sum + batch.length * Math.max(...batch.map((i) => lengths[i]!)), 0);
  return 1 - batches.flat().reduce((sum, i) => sum + lengths[i]!, 0) / padded;
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('the batches of an epoch', () => {
  it.each([0, 1, 31, 32, 33, 1600, 1601, 5003])(
    'hold each of %i examples once, and one batch at most is partial',
    (n) => {
      const batches = epochBatches(realisticLengths(n), { batchSize: 32, seed: 7, epoch: 0 });
      expect(sorted(batches.flat())).toEqual(indices(n));
      expect(batches).toHaveLength(Math.ceil(n / 32));
      expect(batches.filter((batch) => batch.length !== 32)).toHaveLength(n % 32 === 0 ? 0 : 1);
    },
  );

  it('depend on seed and epoch alone', () => {
    const lengths = realisticLengths(500);
    const of = (seed: number, epoch: number): number[][] => epochBatches(lengths, { batchSize: 16, seed, epoch });
    expect(of(1, 3)).toEqual(of(1, 3));
    expect(of(1, 3)).not.toEqual(of(1, 4));
    expect(of(1, 3)).not.toEqual(of(2, 3));
  });

  it('put examples together with others in each epoch', () => {
    const lengths = realisticLengths(3000);
    const companions = (epoch: number): number[] =>
      epochBatches(lengths, { batchSize: 32, seed: 1, epoch }).find((batch) => batch.includes(0))!;
    const shared = companions(0).filter((i) => companions(1).includes(i));
    expect(shared.length).toBeLessThan(16);
  });

  it('are hardly padded, and not in the order of length', () => {
    const lengths = realisticLengths(20_000);
    const batches = epochBatches(lengths, { batchSize: 32, seed: 1, epoch: 0 });
    expect(paddingShare(batches, lengths)).toBeLessThan(0.06);
    const random = createRandom(3).shuffle(indices(20_000));
    const unsorted = indices(625).map((i) => random.slice(i * 32, (i + 1) * 32));
    expect(paddingShare(unsorted, lengths)).toBeGreaterThan(0.4);
    const means = batches.map((batch) => batch.reduce((sum, i) => sum + lengths[i]!, 0) / batch.length);
    const nRising = means.slice(1).filter((mean, i) => mean > means[i]!).length;
    expect(Math.abs(nRising / means.length - 0.5)).toBeLessThan(0.1);
  });
});

describe('with groups', () => {
  const n = 4000;
  const groups = Array.from({ length: n }, (_, i) => `query ${Math.floor(Math.sqrt(i * 40))}`);
  const batches = epochBatches(realisticLengths(n), { batchSize: 32, seed: 5, epoch: 2, groups });

  it('no batch has two examples of a group', () => {
    for (const batch of batches) expect(new Set(batch.map((i) => groups[i])).size).toBe(batch.length);
  });

  it('each example comes once, and few batches are partial', () => {
    expect(sorted(batches.flat())).toEqual(indices(n));
    expect(batches.length).toBeLessThan(n / 32 + 20);
  });

  it('partial batches share their examples', () => {
    const lengths = realisticLengths(40);
    const two = epochBatches(lengths.slice(0, 33), {
      batchSize: 32,
      seed: 1,
      epoch: 0,
      groups: indices(33).map((i) => (i < 2 ? 'a' : `b${i}`)),
    });
    expect(sorted(two.map((batch) => batch.length))).toEqual([1, 32]);
    const open = epochBatches(lengths.slice(0, 12), {
      batchSize: 32,
      seed: 1,
      epoch: 0,
      groups: indices(12).map((i) => (i < 2 ? 'a' : `b${i}`)),
    });
    expect(sorted(open.map((batch) => batch.length))).toEqual([6, 6]);
    const same = epochBatches(lengths.slice(0, 3), { batchSize: 32, seed: 1, epoch: 0, groups: ['a', 'a', 'a'] });
    expect(same).toHaveLength(3);
  });
});

describe('batches for scoring', () => {
  it('hold each text once, the longest first, within the budget of tokens', () => {
    const lengths = realisticLengths(3000);
    const batches = lengthSortedBatches(lengths, 2048);
    expect(sorted(batches.flat())).toEqual(indices(3000));
    const longest = batches.map((batch) => Math.max(...batch.map((i) => lengths[i]!)));
    expect(longest).toEqual(sorted(longest).reverse());
    expect(Math.max(...batches.map((batch, i) => batch.length * longest[i]!))).toBeLessThanOrEqual(2048);
    expect(paddingShare(batches, lengths)).toBeLessThan(0.03);
  });

  it('take a text longer than the budget alone', () => {
    expect(lengthSortedBatches([10, 5000, 10], 100)).toEqual([[1], [0, 2]]);
  });

  it('are none for no texts', () => {
    expect(lengthSortedBatches([], 100)).toEqual([]);
  });
});
