/** What a dry run finds out about an experiment: the answer of a `probe` job, a line of JSON a message on its stdout. */
import type { Problem } from '../vocabulary/problem.ts';
import type { Label } from '../vocabulary/label.ts';

/** Counts by split. */
export interface SplitCounts {
  readonly train: number;
  readonly dev: number;
  readonly test: number;
}

/** A judged pair of the training data as the model would read it. */
export interface ProbeSample {
  readonly query: string;
  readonly product: string;
  readonly label: Label;
  /** The sequences with special tokens, truncated: one for a cross-encoder, query and product for a bi-encoder. */
  readonly sequences: readonly string[];
}

/** What the experiment would run, and what that would take here. */
export interface ProbeReport {
  readonly nParameters: number;
  /** Parameters that training would change. */
  readonly nTrained: number;
  readonly data: {
    readonly source: string;
    readonly isSynthetic: boolean;
    readonly nQueries: SplitCounts;
    readonly nJudgements: SplitCounts;
    /** Training judgements by label. */
    readonly labels: Readonly<Record<Label, number>>;
  };
  /** Lengths in tokens of the sequences of one epoch before truncation, special tokens included. */
  readonly tokens: {
    readonly nSequences: number;
    readonly mean: number;
    readonly p95: number;
    readonly max: number;
    readonly nTruncated: number;
  };
  readonly samples: readonly ProbeSample[];
  readonly totalSteps: number;
  readonly evalSteps: number;
  readonly nTrainPairs: number;
  /** Estimates. Training is to its last step: early stopping makes it shorter. */
  readonly cost: {
    readonly prepareMs: number;
    readonly trainMs: number;
    readonly evaluateMs: number;
    readonly testMs: number;
    /** Peak resident memory of the trainer. */
    readonly memoryBytes: number;
    /** Peak of the run folder. */
    readonly diskBytes: number;
    readonly freeDiskBytes: number;
    /** Training steps that were timed. */
    readonly nTimedSteps: number;
  };
  /** What a person should know before the start. */
  readonly warnings: readonly string[];
}

export type ProbeMessage =
  | { readonly type: 'progress'; readonly what: string; readonly done: number; readonly total: number | null }
  | { readonly type: 'probed'; readonly report: ProbeReport }
  | { readonly type: 'failed'; readonly problem: Problem };

/** Time of the whole run in ms. */
export function totalMs({ cost }: ProbeReport): number {
  return cost.prepareMs + cost.trainMs + cost.evaluateMs + cost.testMs;
}
