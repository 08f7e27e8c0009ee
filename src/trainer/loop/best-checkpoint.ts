import type { Problem } from '../../vocabulary/problem.ts';
import type { EvaluationEvent } from '../../protocol/events.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { TrainingState } from '../../runs/checkpoints.ts';
import { requireParameters } from './checkpoint.ts';

/** A state whose best checkpoint can be restored once training is over. */
export interface Standing {
  readonly state: TrainingState | null;
  /** That another checkpoint stands in for the lost best one; null when none had to. */
  readonly warning: Problem | null;
}

/**
 * Looks, before anything is trained, whether the best checkpoint is still whole, and puts the one in its place that a person chose
 * (`TrainJob.finalStep`): a later evaluation may still be better. `evaluations` are those of the log, `isTrained` whether none will follow.
 * @throws ProblemError `checkpoint-lost` when the best checkpoint, or the chosen one, is not whole; `no-evaluation`
 */
export function standingBest(
  runDir: string,
  state: TrainingState | null,
  { finalStep, evaluations, isTrained }: StandInOptions,
): Standing {
  if (state?.best == null) return { state, warning: null };
  const lost = state.best.step;
  const step = finalStep ?? lost;
  // The state's own parameters were found whole when it was.
  if (step !== state.step) requireParameters(runDir, step);
  if (step === lost) return { state, warning: null };
  const evaluation = evaluations.findLast((event) => event.step === step);
  if (evaluation === undefined && isTrained) {
    throw new ProblemError({
      code: 'no-evaluation',
      message: `The log has no result on dev of step ${step}, so it cannot stand in for the best checkpoint.`,
      next: 'Choose another checkpoint.',
    });
  }
  const best = evaluation === undefined ? null : { step, loss: evaluation.loss, metrics: evaluation.metrics };
  const warning = {
    code: 'checkpoint-chosen',
    message: `The checkpoint of step ${step} stands in for the best one, of step ${lost}, as chosen when the run was resumed.`,
  };
  return { state: { ...state, best }, warning };
}

interface StandInOptions {
  readonly finalStep: number | undefined;
  readonly evaluations: readonly EvaluationEvent[];
  readonly isTrained: boolean;
}
