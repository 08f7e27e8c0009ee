import { expect, test } from 'vitest';
import { createRandom, xoshiro128 } from '../../../src/data/random.ts';

test('xoshiro128** gives the reference numbers', () => {
  const { nextUint32 } = xoshiro128([1, 2, 3, 4]);
  const numbers = Array.from({ length: 10 }, nextUint32);
  // The authors' C code, followed in Python's whole numbers.
  expect(numbers).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test('a key fixes its stream; every word of it counts', () => {
  const first = (...key: number[]) => createRandom(...key).nextUint32();
  const keys = [[], [0], [1], [0, 0], [0, 1], [1, 0], [2 ** 32], [2 ** 32 + 1], [2 ** 53 - 1]];
  expect(new Set(keys.map((key) => first(...key))).size).toBe(keys.length);
  for (const key of keys) expect(first(...key)).toBe(first(...key));
  expect(first(42)).toMatchInlineSnapshot(`3417579005`);
  expect(() => createRandom(-1)).toThrow(RangeError);
  expect(() => createRandom(1.5)).toThrow(RangeError);
});

test('shuffles every order equally often', () => {
  const random = createRandom(7);
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = random.shuffle(['a', 'b', 'c', 'd']).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  // The 99.9 % point for 23 degrees of freedom.
  expect(chiSquare).toBeLessThan(49.73);
});

test('floats are in [0, 1) with mean one half; bounds are kept', () => {
  const random = createRandom(3);
  const floats = Array.from({ length: 20_000 }, () => random.nextFloat());
  expect(Math.min(...floats)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...floats)).toBeLessThan(1);
  expect(floats.reduce((sum, x) => sum + x, 0) / floats.length).toBeCloseTo(0.5, 2);
  const below = Array.from({ length: 1000 }, () => random.nextBelow(3));
  expect(new Set(below)).toEqual(new Set([0, 1, 2]));
  expect(random.nextBelow(1)).toBe(0);
});
