import { schedules, warmupStepsOf } from '../../engine/schedule.ts';
import type { MicroBatch, StepResult, TrainingEngine } from '../../engine/engine.ts';
import type { Experiment } from '../../config/experiment.ts';
import type { MetricValues } from '../../protocol/events.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { pruneCheckpoints, restoreParameters, restoreTraining, saveCheckpoint } from './checkpoint.ts';
import type { TrainingState } from '../../runs/checkpoints.ts';
import { stepName } from '../../runs/layout.ts';
import type { NewEvent } from '../new-event.ts';

/** Sizes of a training run in optimiser steps. */
export interface Plan {
  readonly totalSteps: number;
  readonly nEpochs: number;
  /** A rounded mean, where epochs differ. */
  readonly stepsPerEpoch: number;
  readonly evalSteps: number;
}

/** Whether a plan has nothing left to train from a state. */
export function isTrained(
  state: TrainingState,
  plan: Pick<Plan, 'totalSteps'>,
  { hyperparameters }: Experiment,
): boolean {
  return state.step >= plan.totalSteps || state.nWithoutImprovement >= hyperparameters.early_stopping_patience;
}

/** Everything that the loop needs and does not decide. */
export interface Training {
  readonly experiment: Experiment;
  /** State of the checkpoint to go on from; null to begin. */
  readonly start: TrainingState | null;
  readonly runDir: string;
  readonly plan: Plan;
  readonly engine: TrainingEngine;
  /** Micro-batches of an optimiser step (0 for the first): a pure function of the step. */
  readonly batchesOf: (step: number) => readonly MicroBatch[];
  /** The pairs of a step, in words, for the message about a bad one. */
  readonly describe: (step: number) => string;
  /** Loss and metrics on dev. */
  readonly evaluate: (step: number) => Promise<{ loss: number; metrics: MetricValues }>;
  readonly emit: (event: NewEvent) => void;
  /** Called after each checkpoint, with what it holds. */
  readonly onSaved: (state: TrainingState) => Promise<void>;
  readonly shouldStop: () => boolean;
}

/**
 * Trains from `start` to the end of the plan or until early stopping, and leaves the best parameters in place. Returns null, or the
 * step at which it was asked to stop: then a checkpoint holds everything.
 */
export async function train(training: Training): Promise<number | null> {
  const { experiment, runDir, plan, engine, emit } = training;
  const options = experiment.hyperparameters;
  const schedule = schedules[options.lr_scheduler];
  const warmupSteps = warmupStepsOf(options.warmup_ratio, plan.totalSteps);
  let state: TrainingState = training.start ?? { step: 0, best: null, nWithoutImprovement: 0 };
  let savedStep = training.start?.step;
  // Past the end of training the best parameters are read below, and moments are of no use: they may be gone.
  if (state.step > 0 && !isTrained(state, plan, experiment)) {
    await restoreTraining(runDir, state.step, engine);
  }
  const save = async (): Promise<void> => {
    const bytes = await saveCheckpoint(runDir, state, engine);
    const best = state.best?.step ?? state.step;
    // Two are kept at any time: should one be damaged, the other is there.
    pruneCheckpoints(runDir, [state.step, best === state.step ? (savedStep ?? best) : best]);
    savedStep = state.step;
    emit({ type: 'checkpoint', step: state.step, name: stepName(state.step), bytes });
    await training.onSaved(state);
  };

  while (!isTrained(state, plan, experiment)) {
    if (training.shouldStop()) {
      if (savedStep !== state.step) await save();
      return state.step;
    }
    const started = performance.now();
    const lr = options.learning_rate * schedule({ step: state.step, totalSteps: plan.totalSteps, warmupSteps });
    const batches = training.batchesOf(state.step);
    const result = await engine.step(batches, { step: state.step, lr, maxNorm: options.max_grad_norm });
    requireFinite(training, state.step, result);
    state = { ...state, step: state.step + 1 };
    const epoch = (state.step * plan.nEpochs) / plan.totalSteps;
    emit({
      type: 'step',
      step: state.step,
      epoch,
      loss: result.loss,
      lr,
      gradNorm: result.gradNorm,
      nPairs: batches.reduce((sum, { pairs }) => sum + pairs.length, 0),
      nTokens: result.nTokens,
      ...(batches.length === 1 ? {} : { split: batches.map(({ pairs }) => pairs.length) }),
      ms: performance.now() - started,
    });

    if (state.step % plan.evalSteps === 0 || state.step === plan.totalSteps) {
      state = await evaluated(training, state, epoch);
      await save();
    }
  }

  const reason = state.step < plan.totalSteps ? 'early stopping' : 'all steps';
  if (state.best !== null) await restoreParameters(runDir, state.best.step, engine);
  emit({ type: 'trained', step: state.step, reason, bestStep: state.best?.step ?? state.step });
  return null;
}

/** A loss or gradient that is not finite ends the training; nothing was updated. */
function requireFinite({ describe }: Training, index: number, { loss, fault }: StepResult): void {
  if (fault === null) return;
  throw new ProblemError({
    code: 'loss-not-finite',
    message: `the loss is ${loss} at step ${index + 1}; ${fault.message}. The batch: ${describe(index)}`,
    where: `step ${index + 1}${fault.where === undefined ? '' : `, parameter ${fault.where}`}`,
    next: 'The last checkpoint is kept. Lower hyperparameters.learning_rate or max_grad_norm and start again.',
  });
}

/** How good a result on dev is by `metric_for_best_model`, higher is better. */
function quality(metric: string, { loss, metrics }: { loss: number; metrics: MetricValues }): number {
  const value = metric === 'loss' ? -loss : (ownOf(metrics, metric) ?? NaN);
  // Checked before training; without it no later result could ever be better.
  if (Number.isNaN(value)) throw new Error(`no value of ${metric} on dev`);
  return value;
}

/** Evaluates on dev; the state knows the best result, and how long it has not improved by more than the threshold. */
async function evaluated(training: Training, state: TrainingState, epoch: number): Promise<TrainingState> {
  const started = performance.now();
  const { loss, metrics } = await training.evaluate(state.step);
  if (!Number.isFinite(loss)) {
    throw new ProblemError({
      code: 'loss-not-finite',
      message: `the loss on dev is ${loss} after step ${state.step}`,
      where: `step ${state.step}`,
      next: 'The last checkpoint is kept. Lower hyperparameters.learning_rate and start again.',
    });
  }
  const { metric_for_best_model: metric, early_stopping_threshold: threshold } = training.experiment.hyperparameters;
  const current = { step: state.step, loss, metrics };
  const gained = state.best === null ? Infinity : quality(metric, current) - quality(metric, state.best);
  const best = state.best === null || gained > 0 ? current : state.best;
  const isBest = best === current;
  const hasImproved = gained > threshold;
  const nWithoutImprovement = hasImproved ? 0 : state.nWithoutImprovement + 1;
  training.emit({
    type: 'evaluation',
    step: state.step,
    epoch,
    loss,
    metrics,
    isBest,
    bestStep: best.step,
    nWithoutImprovement,
    ms: performance.now() - started,
  });
  return { ...state, best, nWithoutImprovement };
}
