/** A seeded stream of pseudo-random numbers: the same seed gives the same stream on every platform. */
export interface Random {
  /** Uniform over 0 … 2³² − 1. */
  readonly nextUint32: () => number;
  /** Uniform over [0, 1), a multiple of 2⁻³². */
  readonly nextFloat: () => number;
  /** Uniform over 0 … `bound` − 1, without modulo bias; `bound` is an integer in 1 … 2³². */
  readonly nextBelow: (bound: number) => number;
  /** Shuffles in place (Fisher–Yates, from the end) and returns the same array. */
  readonly shuffle: <T>(items: T[]) => T[];
}

/**
 * A stream of its own for each key: xoshiro128** whose state is filled from the key by SplitMix32 (the finaliser of
 * MurmurHash3 over a Weyl sequence).
 *
 * The key is one seed or several words, for example `(seed, step)`: streams of different keys are unrelated, so that a
 * resumed run needs no saved state. Numbers are integers in 0 … 2⁵³ − 1. Not for cryptography.
 *
 * One of three generators, none of which can take another's place without changing stored numbers: this one decides which queries are held
 * out, the order of batches and fresh weights, and has keys of several words and draws without bias. `src/metrics/seeded-random.ts` fixes
 * stored intervals, p-values and the quickstart data, in a layer that imports nothing. `src/engine/onnx/dropout-masks.ts` draws millions of
 * times a step, so its generator stands inside the loop.
 */
export function createRandom(...key: readonly number[]): Random {
  return xoshiro128(stateOf(key));
}

/**
 * xoshiro128** 1.1 (Blackman and Vigna 2018, public domain) from four 32-bit words that are not all zero. Only 32-bit integer
 * operations, so no platform rounds differently.
 */
export function xoshiro128(state: readonly [number, number, number, number]): Random {
  let [s0, s1, s2, s3] = state;

  function nextUint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotateLeft(s3, 11);
    return result;
  }

  function nextBelow(bound: number): number {
    // The last, incomplete block of `bound` values is drawn again; otherwise small results would be likelier.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let value = nextUint32();
    while (value >= limit) value = nextUint32();
    return value % bound;
  }

  function shuffle<T>(items: T[]): T[] {
    for (let last = items.length - 1; last > 0; last--) {
      const other = nextBelow(last + 1);
      const item = items[last] as T;
      items[last] = items[other] as T;
      items[other] = item;
    }
    return items;
  }

  return { nextUint32, nextFloat: () => nextUint32() / 2 ** 32, nextBelow, shuffle };
}

/** Four words of state that depend on every word of the key; never all zero, which would be a fixed point. */
function stateOf(key: readonly number[]): [number, number, number, number] {
  let weyl = 0;
  for (const word of key) {
    if (!Number.isSafeInteger(word) || word < 0)
      throw new RangeError(`A seed is an integer in 0 … 2^53 - 1, found ${word}`);
    weyl = mix(weyl ^ mix(word >>> 0)) + 0x9e3779b9;
    weyl = mix(weyl ^ mix(Math.floor(word / 2 ** 32))) + 0x9e3779b9;
  }
  const next = (): number => mix((weyl = (weyl + 0x9e3779b9) | 0));
  const state: [number, number, number, number] = [next(), next(), next(), next()];
  if (state.every((word) => word === 0)) state[0] = 1;
  return state;
}

/** MurmurHash3's 32-bit finaliser: a bijection of 32-bit integers. */
function mix(word: number): number {
  let x = word | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
