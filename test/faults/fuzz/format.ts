import type { Arbitrary } from 'fast-check';
import type { PartKind } from './parts.ts';

/**
 * Something of the product that reads bytes. Gives a value, or rejects with a `ProblemError`; anything else is a failure.
 * `folder` is there for the files that it needs and is left as the last input has left it.
 */
export type Reader = (bytes: Uint8Array, folder: string) => unknown;

/** A kind of input from outside: what valid ones look like, and what reads them. */
export interface FuzzFormat {
  /** Ending of the files of its fixtures, without the dot. */
  readonly ending: string;
  /** What its parts are; of several, an input is what `joinParts` makes of them. */
  readonly parts: readonly PartKind[];
  /** Valid inputs, to be mutated. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Inputs of the right form with any content. */
  readonly arbitrary: (seeds: readonly Uint8Array[]) => Arbitrary<Uint8Array>;
  /** Tokens that mean something in it. */
  readonly words: readonly string[];
  /** The functions that the product reads it with, by name; each is judged by itself. */
  readonly readers: Readonly<Record<string, Reader>>;
}
