import type { Split } from './judged-query.ts';

/** Data on this machine: one folder, or files. */
export interface LocalSource {
  /** One folder, or one or more files; absolute, or relative to the working directory. */
  readonly paths: readonly string[];
  /** Made by a generator rather than by people: results on it show the tool, not ranking quality. */
  readonly isSynthetic?: boolean;
  /** What to call it in messages and records, for example the hub id it came from; default: the first path. */
  readonly name?: string;
}

/** Which of the release's two sizes: rows with `small_version` set, with `large_version` set, or all rows. */
type DataVersion = 'small' | 'large' | 'all';

export interface DataOptions {
  /** Only judgements of this `product_locale`, for example `us`. */
  readonly locale: string;
  readonly version: DataVersion;
  /** Columns of a product that the model reads, joined by a blank in this order. At least one. */
  readonly productFields: readonly string[];
  /** Queries held out from train when the data has no dev split: a share below 1, or a count; 0 holds out none. */
  readonly devQueries: number;
  /** At most this many queries in each split, drawn by the seed; null for all. */
  readonly maxQueries: number | null;
  /** Integer in 0 … 2⁵³ − 1; decides which queries are held out and drawn. */
  readonly seed: number;
  /** Splits that must not be empty; default all three. Evaluation alone needs only `test`. */
  readonly require?: readonly Split[];
  /** Called after each group of rows; both numbers in bytes of the files. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal;
}
