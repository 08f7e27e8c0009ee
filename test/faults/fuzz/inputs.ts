import * as fc from 'fast-check';
import { drawOf } from './draw.ts';
import type { Draw } from './draw.ts';
import type { FuzzFormat } from './format.ts';
import { joinParts, mutatePart, splitParts } from './parts.ts';

export interface FuzzInput {
  readonly index: number;
  readonly bytes: Uint8Array;
  /** Whether it is a valid input that was changed. */
  readonly isMutated: boolean;
}

/** Of each four inputs, three are mutations. */
const CYCLE = 4;
const USUAL_LIMIT = 1 << 16;
/** One in so many may be as large as any reader is meant to take at once. */
const LARGE_EVERY = 250;
const LARGE_LIMIT = 1 << 20;

/** Makes the inputs of a format: the same seed and index give the same bytes. */
export async function openInputs(
  name: string,
  format: FuzzFormat,
  seed: number,
): Promise<(index: number) => FuzzInput> {
  const seeds = await format.seeds();
  const arbitrary = format.arbitrary(seeds);
  const partsOf = seeds.map((bytes) => splitParts(bytes, format.parts.length));

  function mutation(draw: Draw, limit: number): Uint8Array {
    const parts = [...draw.oneOf(partsOf)];
    do {
      const at = draw.nextBelow(parts.length);
      const others = partsOf.map((other) => other[at]!);
      parts[at] = mutatePart(format.parts[at]!, parts[at]!, draw, { others, words: format.words, limit });
    } while (draw.happens(0.2));
    return joinParts(parts);
  }

  return (index) => {
    const draw = drawOf(seed, name, index);
    const isMutated = index % CYCLE !== 0;
    const limit = index % LARGE_EVERY === 1 ? LARGE_LIMIT : USUAL_LIMIT;
    const bytes = isMutated
      ? mutation(draw, limit)
      : fc.sample(arbitrary, { seed: draw.nextUint32() | 0, numRuns: 1 })[0]!.subarray(0, limit);
    return { index, bytes, isMutated };
  };
}
