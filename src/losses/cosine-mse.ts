import { mul, reduceSum, sub } from '../graph/ops.ts';
import { everyPair } from './examples.ts';
import type { BiLoss } from './loss.ts';

/** Mean squared error of the cosine of query and product against the gain. */
export const cosineMse: BiLoss = {
  modelType: 'bi-encoder',
  examples: everyPair,
  apart: null,
  hasInBatchNegatives: false,
  inputs: {
    targets: {
      shape: ({ cosines }) => cosines.shape,
      data: ({ labels, gains }) => labels.flat().map((label) => gains[label]),
    },
    weights: {
      shape: ({ cosines }) => cosines.shape,
      data: ({ labels, nExamples }) => labels.flatMap((pairs) => pairs.map(() => 1 / (nExamples * pairs.length))),
    },
  },
  // Σ w·(cos(q, p) − target)²
  graph: ({ cosines }, input) => {
    const difference = sub(cosines, input('targets'));
    return reduceSum(mul(input('weights'), mul(difference, difference)));
  },
  gains: { least: -1, most: 1, isStrict: false },
  otherNames: ['cosine', 'cosinesimilarity', 'cosinesimilarityloss'],
  help: 'cosine-MSE (cosine against gain)',
  reference: 'sentence-transformers’ CosineSimilarityLoss',
};
