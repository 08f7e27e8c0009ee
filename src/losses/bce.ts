import { mul, reduceSum, softplus, sub } from '../graph/ops.ts';
import { gainScore, outputInputs } from './classes.ts';
import { everyPair } from './examples.ts';
import type { CrossLoss } from './loss.ts';

/** Binary cross-entropy of each output against the gain, or against one-hot classes. */
export const bce: CrossLoss = {
  modelType: 'cross-encoder',
  examples: everyPair,
  apart: null,
  hasInBatchNegatives: false,
  inputs: outputInputs,
  // Σ w·(ln(1 + e^logit) − logit·target)
  graph: ({ logits }, input) => reduceSum(mul(input('weights'), sub(softplus(logits), mul(logits, input('targets'))))),
  // Each output is a probability of its own.
  score: (logits, gains) => gainScore(logits, gains, (logit) => 1 / (1 + Math.exp(-logit))),
  gains: { least: 0, most: 1, isStrict: true },
  otherNames: ['bceloss', 'bcewithlogits', 'bcewithlogitsloss', 'binarycrossentropy'],
  help: 'BCE (output as probability against gain)',
  reference: 'torch.nn.BCEWithLogitsLoss',
};
