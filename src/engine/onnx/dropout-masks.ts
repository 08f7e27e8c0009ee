import { bindShape, sizeOf, type Binding } from '../../graph/shape.ts';
import type { DropoutSite } from '../../model/parts/dropout.ts';
import type { Tower } from '../../model/parts/tower.ts';
import type { Sequence } from '../engine.ts';

/** Where in a run masks are drawn; equal positions draw equal masks, in every process. */
export interface MaskPosition {
  readonly seed: number;
  /** Optimiser step, 0 for the first. */
  readonly step: number;
}

/** What is masked: the sequences of each tower, and a number of each pair that they belong to. */
export interface MaskedBatch {
  readonly towers: readonly (readonly Sequence[])[];
  readonly pairs: readonly number[];
}

/** Masks of earlier batches by site: memory to write the next ones into. */
export type MaskBuffers = Map<string, Float32Array>;

/**
 * Masks of all sites for one batch: 0 with the site's probability p, else 1/(1 − p). What a sequence gets follows from seed, step, its
 * pair, the site and the tower alone: neither from its place in the batch nor from its padding, whose elements are 1/(1 − p). They view the
 * buffers, so they are overwritten by the next call with the same ones.
 */
export function dropoutMasks(
  sites: readonly DropoutSite[],
  towers: readonly Pick<Tower, 'tokens' | 'rows'>[],
  batch: MaskedBatch,
  binding: Binding,
  { seed, step }: MaskPosition,
  buffers: MaskBuffers = new Map(),
): Record<string, Float32Array> {
  const masks: Record<string, Float32Array> = {};
  sites.forEach(({ name, shape, probability, tower }, site) => {
    const { tokens, rows } = towers[tower]!;
    const size = sizeOf(bindShape(shape, binding));
    let buffer = buffers.get(name);
    if (buffer === undefined || buffer.length < size) {
      buffer = new Float32Array(size);
      buffers.set(name, buffer);
    }
    const mask = buffer.subarray(0, size);
    masks[name] = mask;
    mask.fill(1 / (1 - probability));
    // Axes of one sequence: those of tokens are as long as it is, and as wide as the longest.
    const axes = shape[0] === rows ? [tokens, ...shape.slice(1)] : shape.slice(1);
    const widths = bindShape(axes, binding);
    const nWide = sizeOf(widths);
    batch.towers[tower]!.forEach(({ ids }, i) => {
      const lengths = widths.map((width, axis) => (axes[axis] === tokens ? ids.length : width));
      const random = sfc32(mix(seed), mix(step ^ 0x9e3779b9), mix(mix(batch.pairs[i]! + 0x7f4a7c15) + site));
      drop(mask.subarray(i * nWide, (i + 1) * nWide), lengths, widths, probability, random);
    });
  });
  return masks;
}

/**
 * Sets elements of a mask of shape `widths` to 0 with the probability, among those within `lengths`. Jumps from one to the next: the gaps
 * between them have a geometric distribution.
 */
function drop(
  mask: Float32Array,
  lengths: readonly number[],
  widths: readonly number[],
  probability: number,
  random: () => number,
): void {
  // Not log(1 − p), which is 0 for the smallest probabilities.
  const gapPerLog = 1 / Math.log1p(-probability);
  const size = sizeOf(lengths);
  // The first axis may be shorter than wide: what is behind it lies behind everything.
  const isDense = lengths.every((length, axis) => axis === 0 || length === widths[axis]);
  // Half a step is added, so that the logarithm is that of a number inside (0, 1).
  for (let i = 0; ; i++) {
    i += Math.floor(Math.log(((random() >>> 0) + 0.5) * 2 ** -32) * gapPerLog);
    if (i >= size) break;
    mask[isDense ? i : widePlace(i, lengths, widths)] = 0;
  }
}

/** Place in a shape of `widths` of the i-th element within `lengths`, both row-major. */
function widePlace(i: number, lengths: readonly number[], widths: readonly number[]): number {
  let [place, stride, rest] = [0, 1, i];
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    place += (rest % lengths[axis]!) * stride;
    rest = Math.floor(rest / lengths[axis]!);
    stride *= widths[axis]!;
  }
  return place;
}

/**
 * 32-bit integers by sfc32 (Chris Doty-Humphrey, PractRand): passes PractRand, and needs only 32-bit integer operations. Seeded for each
 * sequence and site, thousands of times a step, which the generator of src/data/random.ts is not made for.
 */
function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}

/** Finaliser of MurmurHash3: spreads every bit of a 32-bit integer over all bits. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
