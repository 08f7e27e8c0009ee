import { describe, expect, it } from 'vitest';
import { dropoutMasks, type MaskBuffers, type MaskPosition } from '../../../src/engine/onnx/dropout-masks.ts';
import type { DropoutSite } from '../../../src/model/parts/dropout.ts';

const TOWERS = [{ tokens: 'tokens', rows: 'rows' }];
const N = 1_000_000;

interface Draw extends MaskPosition {
  readonly pair: number;
}

const START: Draw = { seed: 42, step: 7, pair: 0 };

const site = (name: string, probability: number): DropoutSite => ({
  ...{ name, probability, tower: 0 },
  shape: ['rows', 10],
});

/** Masks of one sequence of that many tokens. */
function drawSites(sites: readonly DropoutSite[], { pair, ...position }: Draw, tokens = N / 10, buffers?: MaskBuffers) {
  const sequence = { ids: { length: tokens }, typeIds: { length: tokens } };
  const binding = { batch: 1, tokens, rows: tokens };
  return dropoutMasks(sites, TOWERS, { towers: [[sequence]], pairs: [pair] }, binding, position, buffers);
}

const draw = (probability: number, position: Draw = START, size = N): Float32Array =>
  drawSites([site('a', probability)], position, size / 10)['a']!;

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

  it('of the smallest probability end, and drop nothing', () => {
    expect(new Set(draw(1e-300, START, 1000))).toEqual(new Set([1]));
    expect(new Set(draw(Number.MIN_VALUE, START, 1000))).toEqual(new Set([1]));
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

  it.each<[string, Partial<Draw>]>([
    ['seed', { seed: 43 }],
    ['step', { step: 8 }],
    ['pair', { pair: 1 }],
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
    const masks = drawSites([site('a', 0.1), site('b', 0.1)], START);
    const both = count(N, (i) => masks['a']![i] === 0 && masks['b']![i] === 0);
    expect(deviations(both, N, 0.01)).toBeLessThan(4);
  });

  it('never repeat over 2,000 positions', () => {
    const seen = new Set<string>();
    for (let step = 0; step < 500; step++) {
      for (let pair = 0; pair < 4; pair++) seen.add(draw(0.5, { seed: 1, step, pair }, 100).join());
    }
    expect(seen.size).toBe(2_000);
  });

  it('are written over earlier ones, also larger ones, when given their memory', () => {
    const buffers: MaskBuffers = new Map();
    const site1 = [site('a', 0.1)];
    const large = drawSites(site1, START, 100, buffers)['a']!;
    const small = drawSites(site1, { ...START, step: 8 }, 60, buffers)['a']!;
    expect(small.buffer).toBe(large.buffer);
    expect(small).toEqual(draw(0.1, { ...START, step: 8 }, 600));
  });

  it('of a sequence follow from its pair: neither from its place in the batch nor from the padding', () => {
    const sites: readonly DropoutSite[] = [
      { name: 'rows', shape: ['rows', 5], probability: 0.5, tower: 0 },
      { name: 'attention', shape: ['batch', 3, 'tokens', 'tokens'], probability: 0.5, tower: 0 },
      { name: 'pooled', shape: ['batch', 5], probability: 0.5, tower: 0 },
    ];
    const lengthOf = [4, 7, 2];
    const masksOf = (pairs: readonly number[]) => {
      const lengths = pairs.map((pair) => lengthOf[pair]!);
      const tokens = Math.max(...lengths);
      const sequences = lengths.map((length) => ({ ids: { length }, typeIds: { length } }));
      const binding = { batch: pairs.length, tokens, rows: pairs.length * tokens };
      const masks = dropoutMasks(sites, TOWERS, { towers: [sequences], pairs }, binding, { seed: 1, step: 2 });
      return { masks, tokens };
    };
    /** Elements of a pair's sequence in a batch, without padding. */
    const own = (pairs: readonly number[], pair: number): number[] => {
      const { masks, tokens } = masksOf(pairs);
      const [place, length] = [pairs.indexOf(pair), lengthOf[pair]!];
      const rows = masks['rows']!.subarray(place * tokens * 5, (place * tokens + length) * 5);
      const attention = Array.from({ length: 3 * length * length }, (_, i) => {
        const [head, from, to] = [Math.floor(i / length ** 2), Math.floor(i / length) % length, i % length];
        return masks['attention']![((place * 3 + head) * tokens + from) * tokens + to]!;
      });
      return [...rows, ...attention, ...masks['pooled']!.subarray(place * 5, place * 5 + 5)];
    };
    for (const pair of [0, 1, 2]) {
      const alone = own([pair], pair);
      expect(new Set(alone)).toEqual(new Set([0, 2]));
      for (const pairs of [
        [0, 1, 2],
        [2, 1, 0],
        [pair, 2 - pair],
      ]) {
        expect(own(pairs, pair), `pair ${pair} in ${pairs.join()}`).toEqual(alone);
      }
    }
  });

  it('differ between towers', () => {
    const sites: readonly DropoutSite[] = [0, 1].map((tower) => ({
      ...{ name: `dropout:${tower}`, probability: 0.5, tower },
      shape: [`${tower}rows`, 10],
    }));
    const towers = [0, 1].map((tower) => ({ tokens: `${tower}tokens`, rows: `${tower}rows` }));
    const sequence = { ids: { length: 10 }, typeIds: { length: 10 } };
    const binding = { batch: 1, '0tokens': 10, '0rows': 10, '1tokens': 10, '1rows': 10 };
    const batch = { towers: [[sequence], [sequence]], pairs: [3] };
    const [first, second] = Object.values(dropoutMasks(sites, towers, batch, binding, { seed: 1, step: 0 }));
    expect(first).not.toEqual(second);
  });
});
