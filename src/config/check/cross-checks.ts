import { MODEL_TYPES } from '../../vocabulary/model-type.ts';
import type { ModelType } from '../../vocabulary/model-type.ts';
import { LABELS } from '../../vocabulary/label.ts';
import type { ConfigProblem } from '../config-problem.ts';
import { isBlockTrained, type Experiment } from '../experiment.ts';
import { LOSSES, LOSS_NAMES_OF } from '../../losses/losses.ts';
import { foreignOptions, MODEL_TYPE_FACTS } from '../options/model-types.ts';
import { OPTIONS } from '../options/options.ts';

/** What is wrong between options; shown at the value of `path`, or at the nearest section that the file has. */
export interface CrossFinding extends Pick<
  ConfigProblem,
  'severity' | 'code' | 'path' | 'found' | 'expected' | 'suggestion'
> {
  readonly replacement?: string;
}

/** One rule. */
export interface CrossCheck {
  /** Paths that the check reads; it is left out when one of them has an error of its own. */
  readonly reads: readonly string[];
  /** `isGiven` says whether the file itself sets an option. */
  readonly check: (experiment: Experiment, isGiven: (path: string) => boolean) => readonly CrossFinding[];
}

/** Learning rates above this diverge for every pretrained encoder that was tried; the original's highest is 1e-3. */
const UNUSUAL_LEARNING_RATE = 0.01;

/** Most pairs of an optimiser step that are not remarked on. */
const UNUSUAL_STEP_PAIRS = 65_536;

/** Paths of the options that only this type of model has. */
function ownPathsOf(type: ModelType): readonly string[] {
  return MODEL_TYPE_FACTS[type].ownOptions.map(({ path }) => path);
}

/** Rules that concern more than one option. */
export const CROSS_CHECKS: readonly CrossCheck[] = [
  {
    reads: ['model.type', 'hyperparameters.loss_function'],
    check: ({ model, hyperparameters: { loss_function: loss } }) => {
      const fitting: readonly string[] = LOSS_NAMES_OF[model.type];
      if (fitting.includes(loss)) return [];
      const suggestion = OPTIONS['hyperparameters.loss_function'].defaultBy.values[model.type];
      return [
        {
          ...conflict('hyperparameters.loss_function', loss, `${fitting.join(' or ')} for a ${model.type}`),
          suggestion,
          replacement: suggestion,
        },
      ];
    },
  },
  {
    reads: ['hyperparameters.num_labels'],
    check: ({ model, hyperparameters: { num_labels: n } }) =>
      n <= LABELS.length || !ownPathsOf(model.type).includes('hyperparameters.num_labels')
        ? []
        : [
            unusual(
              'hyperparameters.num_labels',
              String(n),
              `at most ${LABELS.length}, one output a label; the rest would stay empty`,
            ),
          ],
  },
  {
    reads: ['model.type', ...MODEL_TYPES.flatMap(ownPathsOf)],
    check: (experiment, isGiven) =>
      foreignOptions(experiment, isGiven).map(({ path, remark }) => {
        const { found, expected } = remark(experiment);
        return noEffect(path, found, expected);
      }),
  },
  {
    // Only what is computed on dev can select.
    reads: ['hyperparameters.metric_for_best_model', 'evaluation.metrics'],
    check: ({ hyperparameters: { metric_for_best_model: metric }, evaluation: { metrics } }) =>
      metric === 'loss' || metrics.includes(metric)
        ? []
        : [
            conflict(
              'hyperparameters.metric_for_best_model',
              metric,
              `loss or one of evaluation.metrics: ${metrics.join(', ')}`,
            ),
          ],
  },
  {
    reads: ['hyperparameters.gains'],
    check: ({ hyperparameters: { gains } }) => {
      const path = 'hyperparameters.gains';
      const shown = LABELS.map((label) => `${label} ${gains[label]}`).join(', ');
      if (LABELS.every((label) => gains[label] === gains.E)) {
        return [{ ...conflict(path, shown, 'gains that differ: with equal ones there is nothing to learn') }];
      }
      const isOrdered = gains.E >= gains.S && gains.S >= gains.C && gains.C >= gains.I;
      return isOrdered ? [] : [unusual(path, shown, 'E ≥ S ≥ C ≥ I')];
    },
  },
  {
    reads: ['hyperparameters.gains', 'hyperparameters.loss_function'],
    check: ({ hyperparameters: { gains, loss_function: loss } }) => {
      const range = LOSSES[loss].gains;
      if (range === null) return [];
      const outside = LABELS.filter((label) => gains[label] < range.least || gains[label] > range.most);
      return outside.map((label) => {
        const path = `hyperparameters.gains.${label}`;
        const expected = `a gain from ${range.least} to ${range.most}, which ${loss} can reach`;
        return (range.isStrict ? conflict : unusual)(path, String(gains[label]), expected);
      });
    },
  },
  {
    reads: ['training_blocks'],
    check: ({ training_blocks: blocks }) =>
      blocks.flatMap(({ block_name: name }, i) =>
        blocks.findIndex((block) => block.block_name === name) === i
          ? []
          : [
              {
                ...conflict(`training_blocks[${i}].block_name`, `${name} again`, 'each block once'),
                code: 'duplicate-key',
              },
            ],
      ),
  },
  {
    reads: ['training_blocks', 'model.type'],
    check: (experiment) => {
      const { blocks } = MODEL_TYPE_FACTS[experiment.model.type];
      if (blocks.some((block) => isBlockTrained(experiment, block))) return [];
      return [conflict('training_blocks', `${blocks.join(', ')} frozen`, 'one block at least that trains')];
    },
  },
  {
    reads: ['training_blocks', 'model.type'],
    check: ({ model, training_blocks: listed }) => {
      const blocks: readonly string[] = MODEL_TYPE_FACTS[model.type].blocks;
      const expected = `${blocks.join(' or ')}: a ${model.type} has no other block`;
      return listed.flatMap(({ block_name: name }, i) =>
        blocks.includes(name) ? [] : [noEffect(`training_blocks[${i}].block_name`, name, expected)],
      );
    },
  },
  {
    reads: ['hyperparameters.loss_function', 'hyperparameters.batch_size'],
    check: ({ hyperparameters: { loss_function: loss, batch_size: size } }) =>
      LOSSES[loss].hasInBatchNegatives && size < 2
        ? [
            conflict(
              'hyperparameters.batch_size',
              String(size),
              `2 at least: ${loss} takes its negatives from the same batch, accumulation adds none`,
            ),
          ]
        : [],
  },
  {
    reads: ['hyperparameters.batch_size', 'hyperparameters.gradient_accumulation_steps'],
    check: ({ hyperparameters: { batch_size: size, gradient_accumulation_steps: steps } }, isGiven) => {
      const path = 'hyperparameters.gradient_accumulation_steps';
      if (size * steps <= UNUSUAL_STEP_PAIRS) return [];
      const at = isGiven(path) ? path : 'hyperparameters.batch_size';
      const expected = `at most ${UNUSUAL_STEP_PAIRS} (batch_size × gradient_accumulation_steps)`;
      return [unusual(at, `${size * steps} pairs in an optimiser step`, expected)];
    },
  },
  {
    reads: ['hyperparameters.learning_rate'],
    check: ({ hyperparameters: { learning_rate: rate } }) =>
      rate > UNUSUAL_LEARNING_RATE
        ? [unusual('hyperparameters.learning_rate', String(rate), 'something like 7e-6 to 1e-3; training may diverge')]
        : [],
  },
  {
    reads: ['hyperparameters.warmup_ratio'],
    check: ({ hyperparameters: { warmup_ratio: ratio } }) =>
      ratio > 0.5
        ? [unusual('hyperparameters.warmup_ratio', String(ratio), 'at most 0.5: most of the run would be warm-up')]
        : [],
  },
];

function conflict(path: string, found: string, expected: string): CrossFinding {
  return { severity: 'error', code: 'conflict', path, found, expected };
}

function noEffect(path: string, found: string, expected: string): CrossFinding {
  return { severity: 'warning', code: 'no-effect', path, found, expected };
}

function unusual(path: string, found: string, expected: string): CrossFinding {
  return { severity: 'warning', code: 'unusual', path, found, expected };
}
