import { createRandom } from '../../../src/data/random.ts';
import type { Random } from '../../../src/data/random.ts';

/** Draws of one input: each has a stream of its own, so that any input can be made again alone. */
export interface Draw extends Random {
  /** An item of a list that is not empty. */
  readonly oneOf: <T>(items: readonly T[]) => T;
  /** Whether something happens that happens in `share` of the cases. */
  readonly happens: (share: number) => boolean;
}

/** The draws of input `index` of a format. */
export function drawOf(seed: number, format: string, index: number): Draw {
  const name = Buffer.from(format).reduce((sum, byte) => (31 * sum + byte) >>> 0, 7);
  const random = createRandom(seed, name, index);
  return {
    ...random,
    oneOf: (items) => items[random.nextBelow(items.length)]!,
    happens: (share) => random.nextFloat() < share,
  };
}
