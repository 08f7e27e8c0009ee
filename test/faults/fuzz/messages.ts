import type { FormatName } from './formats.ts';
import type { Verdict } from './verdict.ts';

/** What a worker is asked to do. */
export interface Batch {
  readonly format: FormatName;
  readonly inputs: readonly Uint8Array[];
}

/** What it says after each input of a batch, in their order: the next one has begun. */
export type Said = Verdict | 'ready';
