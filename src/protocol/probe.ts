/** What a dry run finds out about an experiment: the answer of a `probe` job, a line of JSON a message on its stdout. */
import {
  amount,
  checked,
  count,
  flag,
  list,
  literal,
  object,
  oneOf,
  orNull,
  recordOf,
  text,
  union,
} from '../vocabulary/check.ts';
import type { Checked, Infer } from '../vocabulary/check.ts';
import { LABELS } from '../vocabulary/label.ts';
import { problemCheck } from '../vocabulary/problem.ts';
import { splitCountsCheck } from './run-record.ts';

const probeSampleCheck = object({
  query: text,
  product: text,
  label: oneOf(LABELS),
  /** The sequences with special tokens, truncated: one for a cross-encoder, query and product for a bi-encoder. */
  sequences: list(text),
});

/** A judged pair of the training data as the model would read it. */
export type ProbeSample = Infer<typeof probeSampleCheck>;

const probeReportCheck = object({
  nParameters: count,
  /** Parameters that training would change. */
  nTrained: count,
  data: object({
    source: text,
    isSynthetic: flag,
    nQueries: splitCountsCheck,
    nJudgements: splitCountsCheck,
    /** Training judgements by label. */
    labels: recordOf(LABELS, count),
  }),
  /** Lengths in tokens of the sequences of one epoch before truncation, special tokens included. */
  tokens: object({ nSequences: count, mean: amount, p95: count, max: count, nTruncated: count }),
  samples: list(probeSampleCheck),
  totalSteps: count,
  evalSteps: count,
  nTrainPairs: count,
  /** Estimates. Training is to its last step: early stopping makes it shorter. */
  cost: object({
    prepareMs: amount,
    trainMs: amount,
    evaluateMs: amount,
    testMs: amount,
    /** Peak resident memory of the trainer. */
    memoryBytes: amount,
    /** Peak of the run folder. */
    diskBytes: amount,
    freeDiskBytes: amount,
    /** Training steps that were timed. */
    nTimedSteps: count,
  }),
  /** What a person should know before the start. */
  warnings: list(text),
});

/** What the experiment would run, and what that would take here. */
export type ProbeReport = Infer<typeof probeReportCheck>;

const progressCheck = object({ type: literal('progress'), what: text, done: amount, total: orNull(amount) });
const probedCheck = object({ type: literal('probed'), report: probeReportCheck });
const failedCheck = object({ type: literal('failed'), problem: problemCheck });

const probeMessageCheck = union('type', [progressCheck, probedCheck, failedCheck]);

/** A line of a probing trainer's stdout. */
export type ProbeMessage = Infer<typeof probeMessageCheck>;

/** Checks a line of a probing trainer's stdout, parsed. */
export function checkProbeMessage(value: unknown): Checked<ProbeMessage> {
  return checked(probeMessageCheck, value);
}

/** Time of the whole run in ms. */
export function totalMs({ cost }: ProbeReport): number {
  return cost.prepareMs + cost.trainMs + cost.evaluateMs + cost.testMs;
}
