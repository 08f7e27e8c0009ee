import { LOSSES } from '../../losses/losses.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import { messageOf } from '../config-problem.ts';
import type { CrossCheck, CrossFinding } from './cross-checks.ts';
import type { Experiment } from '../experiment.ts';

/** What is known of an experiment's training split once its data was read. */
export interface DataSize {
  readonly nQueries: number;
  readonly nJudgements: number;
}

/** Rules between an experiment and the size of its data. A loss that takes some pairs only has fewer than judgements, which weakens a warning. */
export const DATA_CHECKS: readonly (Pick<CrossCheck, 'reads'> & {
  readonly check: (experiment: Experiment, size: DataSize) => readonly CrossFinding[];
})[] = [
  {
    reads: ['hyperparameters.batch_size', 'hyperparameters.gradient_accumulation_steps'],
    check: ({ hyperparameters: options }, { nJudgements }) => {
      const { batch_size: size, gradient_accumulation_steps: nBatches } = options;
      if (size * nBatches < nJudgements) return [];
      const found = nBatches === 1 ? `${size}` : `${size} × ${nBatches} accumulated batches`;
      return [
        warning(
          'unusual',
          'hyperparameters.batch_size',
          found,
          `fewer than the ${nJudgements} training pairs: each epoch is a single step`,
        ),
      ];
    },
  },
  {
    reads: ['hyperparameters.batch_size', 'hyperparameters.loss_function'],
    check: ({ hyperparameters: { batch_size: size, loss_function: loss } }, { nQueries }) =>
      LOSSES[loss].apart !== 'query' || size <= nQueries
        ? []
        : [
            warning(
              'no-effect',
              'hyperparameters.batch_size',
              `${size}`,
              `at most ${nQueries}: ${loss} takes each of the ${nQueries} training queries once a batch`,
            ),
          ],
  },
  {
    reads: ['hyperparameters.eval_steps', 'hyperparameters.batch_size', 'hyperparameters.num_epochs'],
    check: ({ hyperparameters: options }, size) => {
      const { eval_steps: evalSteps } = options;
      const nSteps = stepsOf(options, size);
      return evalSteps === null || evalSteps < nSteps
        ? []
        : [
            warning(
              'no-effect',
              'hyperparameters.eval_steps',
              `${evalSteps}`,
              `fewer than the ${nSteps} steps of the whole run: dev is evaluated at its end alone`,
            ),
          ];
    },
  },
];

/** What a run should say about its data's size before it trains, as problems that stop nothing. */
export function dataWarnings(experiment: Experiment, size: DataSize): Problem[] {
  return DATA_CHECKS.flatMap(({ check }) => check(experiment, size)).map((finding) => ({
    code: finding.code,
    message: messageOf(finding),
    where: finding.path,
  }));
}

function stepsOf(options: Experiment['hyperparameters'], { nJudgements }: DataSize): number {
  const nBatches = Math.ceil(nJudgements / options.batch_size);
  return options.num_epochs * Math.max(1, Math.ceil(nBatches / options.gradient_accumulation_steps));
}

function warning(code: CrossFinding['code'], path: string, found: string, expected: string): CrossFinding {
  return { severity: 'warning', code, path, found, expected };
}
