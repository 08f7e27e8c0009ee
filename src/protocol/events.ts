import type { Phase } from '../vocabulary/phase.ts';
import type { Problem } from '../vocabulary/problem.ts';
import type { Ranker } from '../vocabulary/ranker.ts';
/**
 * The events a trainer appends to `events.jsonl`, one JSON object a line. They are the only live channel from a trainer
 * to its readers (CLI, editor): live view, replay and re-attach are all a tail of this file.
 *
 * A `resumed` event supersedes every earlier event whose `step` is above its `fromStep`; readers drop those.
 */

/** Version of the event format; readers refuse a newer one with a clear message. */
export const EVENTS_VERSION = 1;

/** Metric name (as in `evaluation.metrics`, for example `esci_ndcg`, `ndcg@10`) → mean over queries. */
export type MetricValues = Readonly<Record<string, number>>;

interface Stamp {
  /** Milliseconds since 1970. */
  readonly t: number;
}

/** First event of a run: everything a reader needs to draw empty charts of the right size. */
export interface StartedEvent extends Stamp {
  readonly type: 'started';
  readonly version: number;
  readonly runId: string;
  readonly pid: number;
  /** Optimiser steps in the whole run; 0 for a run that only evaluates. */
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
  readonly evalSteps: number;
  readonly patience: number;
  readonly threads: number;
  readonly device: string;
  readonly nTrainPairs: number;
  readonly nDevQueries: number;
  readonly nTestQueries: number;
  /** The headline metric; what selects the best checkpoint is `metric_for_best_model`, the dev loss unless the experiment says otherwise. */
  readonly headline: string;
}

/** Long work outside the training steps: a download, reading data, scoring. */
export interface ProgressEvent extends Stamp {
  readonly type: 'progress';
  readonly phase: Phase;
  /** What is counted, for example `bytes of model.safetensors`, `pairs`. */
  readonly what: string;
  readonly done: number;
  /** null when it is not known. */
  readonly total: number | null;
}

/** One optimiser step. */
export interface StepEvent extends Stamp {
  readonly type: 'step';
  /** 1 for the first step. */
  readonly step: number;
  /** Epochs done after this step, a fraction. */
  readonly epoch: number;
  /** Mean training loss of the step's batch. */
  readonly loss: number;
  readonly lr: number;
  /** L2 norm over all trained parameters before clipping. */
  readonly gradNorm: number;
  /** Judged pairs in the step's batch. */
  readonly nPairs: number;
  /** Tokens computed, padding included. */
  readonly nTokens: number;
  /** Pairs of each part of the batch that was computed at once; absent where it was computed whole. */
  readonly split?: readonly number[];
  /** Wall-clock time of the step. */
  readonly ms: number;
}

/** One evaluation on the dev split. */
export interface EvaluationEvent extends Stamp {
  readonly type: 'evaluation';
  readonly step: number;
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: MetricValues;
  /** Whether this is the best result so far by `metric_for_best_model`. */
  readonly isBest: boolean;
  readonly bestStep: number;
  /** Evaluations in a row without an improvement above the threshold. */
  readonly nWithoutImprovement: number;
  readonly ms: number;
}

export interface CheckpointEvent extends Stamp {
  readonly type: 'checkpoint';
  readonly step: number;
  /** Folder name below `checkpoints/`. */
  readonly name: string;
  readonly bytes: number;
}

/** Something a person should know that does not stop the run. */
export interface WarningEvent extends Stamp {
  readonly type: 'warning';
  readonly step?: number;
  readonly problem: Problem;
}

/** Metrics of one ranker on the test set, written once, at the end. */
export interface TestEvent extends Stamp {
  readonly type: 'test';
  readonly ranker: Ranker;
  readonly metrics: MetricValues;
  readonly nQueries: number;
  /** How many queries a metric left out or counted as 0, by metric; only non-zero counts. */
  readonly excluded: MetricValues;
}

/** Paired comparison of the run's model (`modelOf`) with its base (`baseOf`) on test, one per metric. */
export interface ComparisonEvent extends Stamp {
  readonly type: 'comparison';
  readonly metric: string;
  readonly meanDelta: number;
  /** 95 % paired bootstrap interval. */
  readonly interval: readonly [number, number];
  /** Two-sided paired randomisation test. */
  readonly p: number;
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/** State of the machine, about once a second while a run is active. */
export interface SystemEvent extends Stamp {
  readonly type: 'system';
  /** Share of all cores used by the trainer, 0…1. */
  readonly cpu: number;
  /** Resident memory of the trainer in bytes. */
  readonly rss: number;
  /** Share of its time that the busiest GPU worked, 0…1, whoever it worked for; absent where nothing tells it. */
  readonly gpu?: number;
  /** Memory in use on that GPU in bytes. */
  readonly gpuMemory?: number;
}

/** The run goes on from a checkpoint; earlier events with a step above `fromStep` are void. */
export interface ResumedEvent extends Stamp {
  readonly type: 'resumed';
  readonly fromStep: number;
  readonly pid: number;
}

/** Training ended (all steps or early stopping); the best model is restored. */
export interface TrainedEvent extends Stamp {
  readonly type: 'trained';
  readonly step: number;
  readonly reason: 'all steps' | 'early stopping';
  readonly bestStep: number;
}

export interface StoppedEvent extends Stamp {
  readonly type: 'stopped';
  readonly step: number;
}

export interface FinishedEvent extends Stamp {
  readonly type: 'finished';
  readonly ms: number;
}

export interface FailedEvent extends Stamp {
  readonly type: 'failed';
  readonly step?: number;
  readonly problem: Problem;
}

export type RunEvent =
  | StartedEvent
  | ProgressEvent
  | StepEvent
  | EvaluationEvent
  | CheckpointEvent
  | WarningEvent
  | TestEvent
  | ComparisonEvent
  | SystemEvent
  | ResumedEvent
  | TrainedEvent
  | StoppedEvent
  | FinishedEvent
  | FailedEvent;
