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
  const batches = LOSSES[name].hasInBatchNegatives ? spreadBatches(examples, batchSize) : [examples];
  let total = 0;
  for (const batch of batches) {
    if (batch.length === 0) continue;
    const feeds = {
      ...outputs.lossFeeds(batch.map(({ queryIndex, products }) => ({ query: queryIndex, products }))),
      // A weight of 1 for each example; the mean over all is taken at the end.
      ...lossInputsOf(name, batch, { nExamples: 1, nLabels: ranker.nLabels, gains }),
    };
    total += evaluate(loss, feeds, { batch: countPairs(batch) })[0]!;
  }
  return examples.length === 0 ? 0 : total / examples.length;
}

/** Batches for a loss over in-batch negatives. Neighbours in the data share their query: they are put far apart, so that they rarely meet. */
function spreadBatches(examples: readonly Example[], batchSize: number): readonly (readonly Example[])[] {
  const nBatches = Math.ceil(examples.length / batchSize);
  const order = examples.map((_, i) => i).sort((a, b) => (a % nBatches) - (b % nBatches) || a - b);
  return Array.from({ length: nBatches }, (_, i) =>
    order.slice(i * batchSize, (i + 1) * batchSize).map((index) => examples[index]!),
  );
}
