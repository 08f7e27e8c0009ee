/**
 * The events a trainer appends to `events.jsonl`, one JSON object a line. They are the only live channel from a trainer
 * to its readers (CLI, editor): live view, replay and re-attach are all a tail of this file.
 *
 * A `resumed` event supersedes every earlier event whose `step` is above its `fromStep`; readers drop those.
 */
import {
  amount,
  checked,
  count,
  finite,
  flag,
  list,
  literal,
  mapOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  orNull,
  text,
  time,
  union,
} from '../vocabulary/check.ts';
import type { Checked, Infer } from '../vocabulary/check.ts';
import { PHASES } from '../vocabulary/phase.ts';
import { problemCheck } from '../vocabulary/problem.ts';
import { RANKERS } from '../vocabulary/ranker.ts';
import { versionUpTo } from './version.ts';

/** Version of the event format; readers refuse a newer one with a clear message. */
export const EVENTS_VERSION = 1;

export const metricValuesCheck = mapOf(finite);

/** Metric name (as in `evaluation.metrics`, for example `esci_ndcg`, `ndcg@10`) → mean over queries. */
export type MetricValues = Infer<typeof metricValuesCheck>;

/** What every event has. */
function stamp<const T extends string>(type: T) {
  return {
    /** Milliseconds since 1970. */
    t: time,
    type: literal(type),
  };
}

const startedCheck = object({
  ...stamp('started'),
  version: versionUpTo(EVENTS_VERSION),
  runId: nonEmptyText,
  pid: count,
  /** Optimiser steps in the whole run; 0 for a run that only evaluates. */
  totalSteps: count,
  stepsPerEpoch: count,
  evalSteps: count,
  patience: count,
  threads: count,
  device: text,
  nTrainPairs: count,
  nDevQueries: count,
  nTestQueries: count,
  /** The headline metric; what selects the best checkpoint is `metric_for_best_model`, the dev loss unless the experiment says otherwise. */
  headline: text,
});

/** First event of a run: everything a reader needs to draw empty charts of the right size. */
export type StartedEvent = Infer<typeof startedCheck>;

const progressCheck = object({
  ...stamp('progress'),
  phase: oneOf(PHASES),
  /** What is counted, for example `bytes of model.safetensors`, `pairs`. */
  what: text,
  done: amount,
  /** null when it is not known. */
  total: orNull(amount),
});

/** Long work outside the training steps: a download, reading data, scoring. */
export type ProgressEvent = Infer<typeof progressCheck>;

const stepCheck = object({
  ...stamp('step'),
  /** 1 for the first step. */
  step: count,
  /** Epochs done after this step, a fraction. */
  epoch: amount,
  /** Mean training loss of the step's batch. */
  loss: finite,
  lr: finite,
  /** L2 norm over all trained parameters before clipping. */
  gradNorm: amount,
  /** Judged pairs in the step's batch. */
  nPairs: count,
  /** Tokens computed, padding included. */
  nTokens: count,
  /** Pairs of each part of the batch that was computed at once; absent where it was computed whole. */
  split: optional(list(count)),
  /** Wall-clock time of the step. */
  ms: amount,
});

/** One optimiser step. */
export type StepEvent = Infer<typeof stepCheck>;

const evaluationCheck = object({
  ...stamp('evaluation'),
  step: count,
  epoch: amount,
  loss: finite,
  metrics: metricValuesCheck,
  /** Whether this is the best result so far by `metric_for_best_model`. */
  isBest: flag,
  bestStep: count,
  /** Evaluations in a row without an improvement above the threshold. */
  nWithoutImprovement: count,
  ms: amount,
});

/** One evaluation on the dev split. */
export type EvaluationEvent = Infer<typeof evaluationCheck>;

const checkpointCheck = object({
  ...stamp('checkpoint'),
  step: count,
  /** Folder name below `checkpoints/`. */
  name: nonEmptyText,
  bytes: count,
});

/** A checkpoint was written. */
export type CheckpointEvent = Infer<typeof checkpointCheck>;

const warningCheck = object({ ...stamp('warning'), step: optional(count), problem: problemCheck });

/** Something a person should know that does not stop the run. */
export type WarningEvent = Infer<typeof warningCheck>;

const testCheck = object({
  ...stamp('test'),
  ranker: oneOf(RANKERS),
  metrics: metricValuesCheck,
  nQueries: count,
  /** How many queries a metric left out or counted as 0, by metric; only non-zero counts. */
  excluded: mapOf(finite),
});

/** Metrics of one ranker on the test set, written once, at the end. */
export type TestEvent = Infer<typeof testCheck>;

const comparisonCheck = object({
  ...stamp('comparison'),
  metric: nonEmptyText,
  meanDelta: finite,
  /** 95 % paired bootstrap interval. */
  interval: list(finite, 2),
  /** Two-sided paired randomisation test. */
  p: amount,
  wins: count,
  ties: count,
  losses: count,
});

/** Paired comparison of the run's model (`modelOf`) with its base (`baseOf`) on test, one per metric. */
export type ComparisonEvent = Infer<typeof comparisonCheck>;

const systemCheck = object({
  ...stamp('system'),
  /** Share of all cores used by the trainer, 0…1. */
  cpu: amount,
  /** Resident memory of the trainer in bytes. */
  rss: amount,
  /** Share of its time that the busiest GPU worked, 0…1, whoever it worked for; absent where nothing tells it. */
  gpu: optional(amount),
  /** Memory in use on that GPU in bytes. */
  gpuMemory: optional(amount),
});

/** State of the machine, about once a second while a run is active. */
export type SystemEvent = Infer<typeof systemCheck>;

const resumedCheck = object({ ...stamp('resumed'), fromStep: count, pid: count });

/** The run goes on from a checkpoint; earlier events with a step above `fromStep` are void. */
export type ResumedEvent = Infer<typeof resumedCheck>;

const trainedCheck = object({
  ...stamp('trained'),
  step: count,
  reason: oneOf(['all steps', 'early stopping']),
  bestStep: count,
});

/** Training ended (all steps or early stopping); the best model is restored. */
export type TrainedEvent = Infer<typeof trainedCheck>;

const stoppedCheck = object({ ...stamp('stopped'), step: count });

/** The run ended on request, after a checkpoint. */
export type StoppedEvent = Infer<typeof stoppedCheck>;

const finishedCheck = object({ ...stamp('finished'), ms: amount });

/** The run has all its results. */
export type FinishedEvent = Infer<typeof finishedCheck>;

const failedCheck = object({ ...stamp('failed'), step: optional(count), problem: problemCheck });

/** The run ended by a problem. */
export type FailedEvent = Infer<typeof failedCheck>;

const runEventCheck = union('type', [
  startedCheck,
  progressCheck,
  stepCheck,
  evaluationCheck,
  checkpointCheck,
  warningCheck,
  testCheck,
  comparisonCheck,
  systemCheck,
  resumedCheck,
  trainedCheck,
  stoppedCheck,
  finishedCheck,
  failedCheck,
]);

/** A line of `events.jsonl`. */
export type RunEvent = Infer<typeof runEventCheck>;

/** Checks one line of `events.jsonl`, parsed. */
export function checkRunEvent(value: unknown): Checked<RunEvent> {
  return checked(runEventCheck, value);
}
