import type { Experiment } from '../../config/experiment.ts';
import { epochBatches } from '../../data/batch.ts';
import type { MicroBatch } from '../../engine/engine.ts';
import type { Loss } from '../../losses/loss.ts';
import { LOSSES } from '../../losses/losses.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import { lengthOf, sequenceOf } from '../../tokenise/texts.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import { countPairs, judgementsOf, lossInputsOf, towersOf, type Example } from './examples.ts';
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
export function planBatches(
  experiment: Experiment,
  ranker: Ranker,
  examples: readonly Example[],
  tokens: PairTokens,
): Batches {
  const options = experiment.hyperparameters;
  // What a tower reads of the products: the longest decides how far an example is padded.
  const lengths = examples.map((example) =>
    maxOf(
      towersOf(ranker, example)
        .at(-1)!
        .map((texts) => lengthOf(tokens, texts, options.max_length)),
      0,
    ),
  );
  const { apart }: Loss = LOSSES[options.loss_function];
  const batchesOfEpoch = (epoch: number): readonly (readonly number[])[] =>
    epochBatches(lengths, {
      batchSize: options.batch_size,
      seed: options.seed,
      epoch,
      ...(apart === null ? {} : { groups: examples.map((example) => GROUPS[apart](example)) }),
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
  const batchesAt = (step: number): readonly (readonly Example[])[] => {
    const epoch = firstSteps.findLastIndex((first) => first <= step);
    if (current.epoch !== epoch) current = { epoch, steps: stepsOf(epoch) };
    return current.steps[step - firstSteps[epoch]!]!.map((batch) => batch.map((i) => examples[i]!));
  };

  return {
    plan: {
      nEpochs: options.num_epochs,
      stepsPerEpoch,
      totalSteps,
      evalSteps: options.eval_steps ?? Math.max(1, Math.floor(stepsPerEpoch / EVALUATIONS_PER_EPOCH)),
    },
    batchesOf: (step) => {
      const batches = batchesAt(step);
      const nExamples = batches.reduce((sum, batch) => sum + batch.length, 0);
      return batches.map((batch) => microBatch(experiment, ranker, batch, nExamples, tokens));
    },
    describe: (step) => {
      const batch = batchesAt(step).flat();
      const pairs = batch
        .slice(0, 3)
        .flatMap((example) =>
          judgementsOf(example).map(
            ({ product, label }) =>
              `"${example.query.text}" – "${product.title.slice(0, 60)}" (${product.id}, ${label})`,
          ),
        );
      const nMore = countPairs(batch) - Math.min(3, pairs.length);
      return `${pairs.slice(0, 3).join('; ')}${nMore > 0 ? ` and ${nMore} more` : ''}`;
    },
  };
}

/** What examples of a group have in common, by the loss's word for it. */
const GROUPS: { readonly [G in NonNullable<Loss['apart']>]: (example: Example) => string } = {
  query: ({ query }) => query.text,
  product: (example) => judgementsOf(example)[0]!.product.id,
};

/** Sequences and loss inputs of some examples, out of the `nExamples` of the step. */
function microBatch(
  { hyperparameters: options }: Experiment,
  ranker: Ranker,
  examples: readonly Example[],
  nExamples: number,
  tokens: PairTokens,
): MicroBatch {
  const towers = examples.map((example) => towersOf(ranker, example));
  const { nLabels } = ranker;
  return {
    towers: ranker.towers.map((_, i) =>
      towers.flatMap((texts) => texts[i]!).map((texts) => sequenceOf(tokens, texts, options.max_length)),
    ),
    pairs: examples.flatMap(({ firstPair, products }) => products.map((_, i) => firstPair + i)),
    lossInputs: lossInputsOf(options.loss_function, examples, { nExamples, nLabels, gains: options.gains }),
  };
}
