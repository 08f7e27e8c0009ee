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

/** Masks of earlier batches by site: memory to write the next ones into. */
export type MaskBuffers = Map<string, Float32Array>;

/**
 * Masks of all sites for one batch: 0 with the site's probability p, else 1/(1 − p). They view the buffers, so they are
 * overwritten by the next call with the same ones.
 */
export function dropoutMasks(
  sites: readonly DropoutSite[],
  binding: Binding,
  { seed, step, micro }: MaskPosition,
  buffers: MaskBuffers = new Map(),
): Record<string, Float32Array> {
  const masks: Record<string, Float32Array> = {};
  sites.forEach(({ name, shape, probability }, i) => {
    const size = sizeOf(bindShape(shape, binding));
    let buffer = buffers.get(name);
    if (buffer === undefined || buffer.length < size) {
      buffer = new Float32Array(size);
      buffers.set(name, buffer);
    }
    masks[name] = buffer.subarray(0, size);
    drawMask(masks[name], probability, [seed, step, micro, i]);
  });
  return masks;
}

/** Jumps from one dropped element to the next: the gaps between them have a geometric distribution. */
function drawMask(mask: Float32Array, probability: number, key: readonly number[]): void {
  mask.fill(1 / (1 - probability));
  const gapPerLog = 1 / Math.log(1 - probability);
  // sfc32 (Chris Doty-Humphrey, PractRand): passes PractRand, and needs only 32-bit integer operations.
  let [a, b, c, counter] = [mix(key[0]!), mix(key[1]! ^ 0x9e3779b9), mix(key[2]! * 65537 + key[3]!), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t;
  };
  for (let i = 0; i < 12; i++) next();
  // Half a step is added, so that the logarithm is that of a number inside (0, 1).
  for (let i = 0; ; i++) {
    i += Math.floor(Math.log(((next() >>> 0) + 0.5) * 2 ** -32) * gapPerLog);
    if (i >= mask.length) break;
    mask[i] = 0;
  }
}

/** Finaliser of MurmurHash3: spreads every bit of a 32-bit integer over all bits. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
