import type { Experiment } from '../../config/experiment.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { evaluate } from '../../graph/evaluate.ts';
import { Graph } from '../../graph/graph.ts';
import { LOSSES } from '../../losses/losses.ts';
import type { Ranker, ScoredOutputs } from '../../model/rankers/ranker.ts';
import { countPairs, examplesFor, lossInputsOf, type Example } from './examples.ts';

/** The training loss, as its own definition gives it in float64, over all examples of the dev queries; 0 where there are none. */
export function devLoss(
  ranker: Ranker,
  queries: readonly JudgedQuery[],
  outputs: ScoredOutputs,
  { hyperparameters }: Experiment,
): number {
  const { loss_function: name, batch_size: batchSize, gains } = hyperparameters;
  const loss = ranker.outputLoss(name, new Graph());
  const examples = examplesFor(name, queries);
  const batches = LOSSES[name].hasInBatchNegatives ? spreadBatches(examples, batchSize) : batchesOf(examples, AT_ONCE);
  let total = 0;
  for (const batch of batches) {
    const feeds = {
      ...outputs.lossFeeds(batch.map(({ queryIndex, products }) => ({ query: queryIndex, products }))),
      // A weight of 1 for each example; the mean over all is taken at the end.
      ...lossInputsOf(name, batch, { nExamples: 1, nLabels: ranker.nLabels, gains }),
    };
    total += evaluate(loss, feeds, { batch: countPairs(batch) })[0]!;
  }
  return examples.length === 0 ? 0 : total / examples.length;
}

/** Examples that are evaluated together, where it makes no difference: bounds the memory of their outputs. */
const AT_ONCE = 1024;

/** Batches for a loss over in-batch negatives. Neighbours in the data share their query: they are put far apart, so that they rarely meet. */
function spreadBatches(examples: readonly Example[], batchSize: number): readonly (readonly Example[])[] {
  const nBatches = Math.ceil(examples.length / batchSize);
  const order = examples.map((_, i) => i).sort((a, b) => (a % nBatches) - (b % nBatches) || a - b);
  return batchesOf(
    order.map((index) => examples[index]!),
    batchSize,
  );
}

function batchesOf(examples: readonly Example[], size: number): readonly (readonly Example[])[] {
  const nBatches = Math.ceil(examples.length / size);
  return Array.from({ length: nBatches }, (_, i) => examples.slice(i * size, (i + 1) * size));
}
