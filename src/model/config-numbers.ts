import { shown, type Json } from '../files/json-file.ts';
import { ProblemError } from '../vocabulary/problem.ts';

/** Reads numbers of a `config.json` by key; what is missing or null is the fallback, where there is one. */
export interface ConfigNumbers {
  /** A whole number from 0 to `most`. */
  readonly count: (key: string, most: number, fallback?: number) => number;
  /** A whole number from 1 to `most`. */
  readonly size: (key: string, most: number) => number;
  /** A number of attention heads: each has the same share of the hidden size that stands under `ofKey`. */
  readonly heads: (key: string, ofKey: string) => number;
  /** A probability that leaves something: from 0, below 1. */
  readonly probability: (key: string, fallback: number) => number;
  /** From 0 to 1. */
  readonly fraction: (key: string, fallback: number) => number;
}

/** A reader of the numbers in `config`, which is the content of the file `where`. Each call throws `bad-model-config`. */
export function numbersOf(config: Json, where: string): ConfigNumbers {
  const fail = (key: string, expected: string): never => {
    throw new ProblemError({
      code: 'bad-model-config',
      message: `"${key}" is ${shown(config[key])}, expected ${expected}`,
      where,
      next: 'Use a complete Hugging Face model folder.',
    });
  };
  const read = (key: string, fallback: number | undefined, fits: (value: number) => boolean, what: string): number => {
    const value = config[key] ?? fallback;
    return typeof value === 'number' && fits(value) ? value : fail(key, what);
  };
  const whole = (key: string, least: number, most: number, fallback?: number): number =>
    read(
      key,
      fallback,
      (value) => Number.isInteger(value) && value >= least && value <= most,
      `a whole number from ${least} to ${most}`,
    );
  return {
    count: (key, most, fallback) => whole(key, 0, most, fallback),
    size: (key, most) => whole(key, 1, most),
    heads: (key, ofKey) => {
      const hidden = Number(config[ofKey]);
      const heads = whole(key, 1, hidden);
      return hidden % heads === 0 ? heads : fail(key, `a divisor of "${ofKey}", which is ${hidden}`);
    },
    probability: (key, fallback) =>
      read(key, fallback, (value) => value >= 0 && value < 1, 'a probability from 0, below 1'),
    fraction: (key, fallback) => read(key, fallback, (value) => value >= 0 && value <= 1, 'a number from 0 to 1'),
  };
}

/** Sizes that no encoder reaches: several times those of the largest published ones. */
export const MOST = {
  vocabulary: 2 ** 23,
  hidden: 2 ** 16,
  layers: 1024,
  intermediate: 2 ** 20,
  positions: 2 ** 20,
  tokenTypes: 256,
} as const;
