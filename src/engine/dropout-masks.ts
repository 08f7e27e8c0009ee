import { bindShape, sizeOf, type Binding } from '../graph/shape.ts';
import type { DropoutSite } from '../model/encoder.ts';

/** Where in a run a mask is drawn; equal positions draw equal masks, in every process. */
export interface MaskPosition {
  readonly seed: number;
  /** Optimiser step, 0 for the first. */
  readonly step: number;
  /** Micro-batch within the step. */
  readonly micro: number;
}

/** Masks of all sites for one batch: 0 with the site's probability p, else 1/(1 − p). */
export function dropoutMasks(
  sites: readonly DropoutSite[],
  binding: Binding,
  { seed, step, micro }: MaskPosition,
): Record<string, Float32Array> {
  const masks: Record<string, Float32Array> = {};
  sites.forEach(({ name, shape, probability }, i) => {
    masks[name] = drawMask(sizeOf(bindShape(shape, binding)), probability, [seed, step, micro, i]);
  });
  return masks;
}

/** Half-words are compared with a threshold, so p is met to 1/65536. */
function drawMask(size: number, probability: number, key: readonly number[]): Float32Array {
  const mask = new Float32Array(size);
  const kept = 1 / (1 - probability);
  const threshold = Math.round(probability * 65536);
  // sfc32 (Chris Doty-Humphrey, PractRand): passes PractRand, and needs only 32-bit integer operations.
  let [a, b, c, counter] = [mix(key[0]!), mix(key[1]! ^ 0x9e3779b9), mix(key[2]! * 65537 + key[3]!), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();
  for (let i = 0; i < size; i += 2) {
    const bits = next();
    if ((bits & 0xffff) >= threshold) mask[i] = kept;
    if (bits >>> 16 >= threshold && i + 1 < size) mask[i + 1] = kept;
  }
  return mask;
}

/** Finaliser of MurmurHash3: spreads every bit of a 32-bit integer over all bits. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
