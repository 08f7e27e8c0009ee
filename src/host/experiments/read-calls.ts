import type { ExperimentSummary } from './experiment-summary.ts';

/** What is read of an experiment that nobody has opened. */
export interface ExperimentReads {
  /** Undefined for a file that is no experiment. */
  readonly summary: ExperimentSummary | undefined;
  /** The options of `data` with their defaults, as JSON; undefined for a file with an error. */
  readonly dataOptions: string | undefined;
}

export type ReadKind = keyof ExperimentReads;

/** From the host to the worker, one at a time. */
export interface ReadCall {
  readonly kind: ReadKind;
  readonly path: string;
}

/** From the worker: that it is there, then an answer to each call. `problem` says why a file could not be read. */
export type ReadReply =
  | { readonly type: 'ready' }
  | { readonly type: 'value'; readonly value: ExperimentReads[ReadKind] }
  | { readonly type: 'problem'; readonly message: string };
