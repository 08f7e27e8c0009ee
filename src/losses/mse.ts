import { mul, reduceSum, sub } from '../graph/ops.ts';
import { gainScore, outputInputs } from './classes.ts';
import { everyPair } from './examples.ts';
import type { CrossLoss } from './loss.ts';

/** Mean squared error of the logits against gains, or against one-hot classes: the original pipeline's loss. */
export const mse: CrossLoss = {
  modelType: 'cross-encoder',
  examples: everyPair,
  apart: null,
  hasInBatchNegatives: false,
  inputs: outputInputs,
  // Σ w·(logit − target)²
  graph: ({ logits }, input) => {
    const difference = sub(logits, input('targets'));
    return reduceSum(mul(input('weights'), mul(difference, difference)));
  },
  // A logit is trained towards the probability of its class.
  score: (logits, gains) => gainScore(logits, gains),
  gains: null,
  otherNames: ['mseloss', 'l2', 'meansquarederror'],
  help: 'MSE (output against gain)',
  reference: 'torch.nn.MSELoss on logits, as in the original pipeline',
};
