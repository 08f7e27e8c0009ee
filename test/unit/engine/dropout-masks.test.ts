import { describe, expect, it } from 'vitest';
import { dropoutMasks, type MaskBuffers, type MaskPosition } from '../../../src/engine/dropout-masks.ts';
import type { DropoutSite } from '../../../src/model/encoder.ts';

const START: MaskPosition = { seed: 42, step: 7, micro: 0 };
const N = 1_000_000;

const site = (name: string, probability: number): DropoutSite => ({ name, shape: ['rows', 10], probability });
const draw = (probability: number, position: MaskPosition = START, size = N): Float32Array =>
  dropoutMasks([site('a', probability)], { rows: size / 10 }, position)['a']!;

/** Standard deviations by which `found` events of `n` differ from the probability. */
function deviations(found: number, n: number, probability: number): number {
  return Math.abs(found - n * probability) / Math.sqrt(n * probability * (1 - probability));
}

function count(n: number, isCounted: (i: number) => boolean): number {
  let found = 0;
  for (let i = 0; i < n; i++) if (isCounted(i)) found++;
  return found;
}

describe('masks', () => {
  it.each([0.1, 0.2, 0.5])('drop with probability %f and scale the rest, so that the mean is kept', (p) => {
    const mask = draw(p);
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
    expect(
      deviations(
        count(N, (i) => mask[i] === 0),
        N,
        p,
      ),
    ).toBeLessThan(4);
  });

  it('drop neighbours independently', () => {
    const mask = draw(0.1);
    for (const distance of [1, 2, 3, 384]) {
      const both = count(N - distance, (i) => mask[i] === 0 && mask[i + distance] === 0);
      expect(deviations(both, N - distance, 0.01), `distance ${distance}`).toBeLessThan(4);
    }
  });

  it('are the same in every draw at one position', () => {
    expect(Buffer.compare(new Uint8Array(draw(0.1).buffer), new Uint8Array(draw(0.1).buffer))).toBe(0);
  });

  it.each<[string, Partial<MaskPosition>]>([
    ['seed', { seed: 43 }],
    ['step', { step: 8 }],
    ['micro-batch', { micro: 1 }],
  ])('are independent in another %s', (_, change) => {
    const [mask, other] = [draw(0.1), draw(0.1, { ...START, ...change })];
    expect(
      deviations(
        count(N, (i) => mask[i] === 0 && other[i] === 0),
        N,
        0.01,
      ),
    ).toBeLessThan(4);
  });

  it('are independent at another site', () => {
    const masks = dropoutMasks([site('a', 0.1), site('b', 0.1)], { rows: N / 10 }, START);
    const both = count(N, (i) => masks['a']![i] === 0 && masks['b']![i] === 0);
    expect(deviations(both, N, 0.01)).toBeLessThan(4);
  });

  it('never repeat over 2,000 positions', () => {
    const seen = new Set<string>();
    for (let step = 0; step < 500; step++) {
      for (let micro = 0; micro < 4; micro++) seen.add(draw(0.5, { seed: 1, step, micro }, 100).join());
    }
    expect(seen.size).toBe(2_000);
  });

  it('are written over earlier ones, also larger ones, when given their memory', () => {
    const buffers: MaskBuffers = new Map();
    const site1 = [site('a', 0.1)];
    const large = dropoutMasks(site1, { rows: 100 }, START, buffers)['a']!;
    const small = dropoutMasks(site1, { rows: 60 }, { ...START, step: 8 }, buffers)['a']!;
    expect(small.buffer).toBe(large.buffer);
    expect(small).toEqual(draw(0.1, { ...START, step: 8 }, 600));
  });

  it('take their size from the binding, odd sizes too', () => {
    const odd: DropoutSite = { name: 'odd', shape: ['batch', 3, 'tokens'], probability: 0.5 };
    const { odd: mask } = dropoutMasks([odd], { batch: 3, tokens: 7 }, START);
    expect(mask!.length).toBe(63);
    expect(mask!.at(-1) === 0 || mask!.at(-1) === 2).toBe(true);
  });
});
