import type { Experiment } from '../../config/experiment.ts';
import { epochBatches } from '../../data/batch.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import type { MicroBatch } from '../../engine/training-step.ts';
import { targetsOf, type Example } from './examples.ts';
import type { Plan } from './train.ts';

/** The batches of a whole training, computed an epoch at a time from seed and epoch. */
export interface Batches {
  readonly plan: Plan;
  /** Micro-batches of an optimiser step, 0 for the first. */
  readonly batchesOf: (step: number) => readonly MicroBatch[];
  /** The first pairs of a step, in words. */
  readonly describe: (step: number) => string;
}

/** Evaluations an epoch when the experiment does not say how many steps lie between two. */
const EVALUATIONS_PER_EPOCH = 5;

/** Plans the training: `gradient_accumulation_steps` batches make one optimiser step; the last step of an epoch may have fewer. */
export function planBatches(experiment: Experiment, examples: readonly Example[], texts: PairTokens): Batches {
  const options = experiment.hyperparameters;
  const isPairwise = experiment.model.type === 'cross-encoder';
  const lengths = examples.map(({ query, product }) =>
    isPairwise
      ? texts.pairLength(query.text, product.text, options.max_length)
      : texts.length(product.text, options.max_length),
  );
  const batchesOfEpoch = (epoch: number): readonly (readonly number[])[] =>
    epochBatches(lengths, {
      batchSize: options.batch_size,
      seed: options.seed,
      epoch,
      ...(options.loss_function === 'multiple-negatives' ? { groups: examples.map(({ query }) => query.text) } : {}),
    });

  const stepsOf = (epoch: number): readonly (readonly (readonly number[])[])[] => {
    const batches = batchesOfEpoch(epoch);
    const nSteps = Math.ceil(batches.length / options.gradient_accumulation_steps);
    return Array.from({ length: nSteps }, (_, i) =>
      batches.slice(i * options.gradient_accumulation_steps, (i + 1) * options.gradient_accumulation_steps),
    );
  };
  // With groups, the number of batches differs a little from epoch to epoch.
  const firstSteps = [0];
  for (let epoch = 0; epoch < options.num_epochs; epoch++) firstSteps.push(firstSteps[epoch]! + stepsOf(epoch).length);
  const totalSteps = firstSteps.at(-1)!;
  const stepsPerEpoch = Math.round(totalSteps / options.num_epochs);
  let current = { epoch: -1, steps: [] as ReturnType<typeof stepsOf> };
  const indicesOf = (step: number): readonly (readonly number[])[] => {
    const epoch = firstSteps.findLastIndex((first) => first <= step);
    if (current.epoch !== epoch) current = { epoch, steps: stepsOf(epoch) };
    return current.steps[step - firstSteps[epoch]!]!;
  };

  return {
    plan: {
      nEpochs: options.num_epochs,
      stepsPerEpoch,
      totalSteps,
      evalSteps: options.eval_steps ?? Math.max(1, Math.floor(stepsPerEpoch / EVALUATIONS_PER_EPOCH)),
    },
    batchesOf: (step) => {
      const batches = indicesOf(step);
      const nPairs = batches.reduce((sum, batch) => sum + batch.length, 0);
      return batches.map((batch) =>
        microBatch(
          experiment,
          batch.map((i) => examples[i]!),
          nPairs,
          texts,
        ),
      );
    },
    describe: (step) => {
      const batch = indicesOf(step).flat();
      const shown = batch.slice(0, 3).map((i) => {
        const { query, product, label } = examples[i]!;
        return `"${query.text}" – "${product.title.slice(0, 60)}" (${product.id}, ${label})`;
      });
      return `${shown.join('; ')}${batch.length > 3 ? ` and ${batch.length - 3} more` : ''}`;
    },
  };
}

/** Sequences, targets and weights of some examples; the weights sum to 1 over all micro-batches of the step. */
function microBatch(
  experiment: Experiment,
  examples: readonly Example[],
  nPairs: number,
  texts: PairTokens,
): MicroBatch {
  const { max_length: maxLength, num_labels: nLabels, gains, loss_function: loss } = experiment.hyperparameters;
  if (experiment.model.type === 'cross-encoder') {
    const targets = Float32Array.from(examples.flatMap(({ label }) => targetsOf(label, nLabels, gains)));
    return {
      towers: [examples.map(({ query, product }) => texts.pair(query.text, product.text, maxLength))],
      targets,
      weights: new Float32Array(targets.length).fill(1 / (nPairs * nLabels)),
    };
  }
  const n = examples.length;
  return {
    towers: [
      examples.map(({ query }) => texts.single(query.text, maxLength)),
      examples.map(({ product }) => texts.single(product.text, maxLength)),
    ],
    targets: Float32Array.from(examples, ({ label }) => gains[label]),
    // Multiple negatives: the positive of query i is product i, so only the diagonal counts.
    weights:
      loss === 'multiple-negatives'
        ? Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 / nPairs : 0))
        : new Float32Array(n).fill(1 / nPairs),
  };
}
