import type { Random } from '../../src/data/random.ts';
import type { Fixture } from './fixture.ts';

/** What one try of a fault works with. */
export interface Try {
  readonly fixture: Fixture;
  /** A folder of its own, also the working folder of its processes. */
  readonly folder: string;
  /** Draws the same for the same seed, fault and index. */
  readonly random: Random;
  /** Which try of the fault this is, from 0 on. */
  readonly index: number;
  readonly isShort: boolean;
  /** What the try was, for the line about it when something was lost. */
  readonly describe: (what: string) => void;
}

/** One kind of thing that goes wrong. */
export interface Fault {
  readonly name: string;
  readonly tries: (isShort: boolean) => number;
  /** One try: makes the fault happen and brings the run to its end. Throws `Lost`, `Skipped`, or a bug of the test itself. */
  run(context: Try): Promise<void>;
}

/** The fault cannot be made here; the message says what is missing. */
export class Skipped extends Error {}

/** One of a list for a try: each in turn in the full table, drawn in the short one. */
export function pick<T>({ index, isShort, random }: Try, list: readonly T[]): T {
  return list[isShort ? random.nextBelow(list.length) : index % list.length]!;
}
