import { gemm, logSoftmax, mul, neg, reduceSum } from '../graph/ops.ts';
import { exactPairs } from './examples.ts';
import type { BiLoss } from './loss.ts';

/** Scale of the cosines before the softmax, as in sentence-transformers. */
const SIMILARITY_SCALE = 20;

/** Cross-entropy of finding a query's Exact product among all products of the batch. */
export const multipleNegatives: BiLoss = {
  modelType: 'bi-encoder',
  examples: exactPairs,
  // Another Exact product of the same query would count as wrong.
  apart: 'query',
  hasInBatchNegatives: true,
  inputs: {
    weights: {
      shape: ({ queries, products }) => [queries.shape[0]!, products.shape[0]!],
      // The positive of query i is product i, so only the diagonal counts.
      data: ({ labels: { length: n }, nExamples }) =>
        Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 / nExamples : 0)),
    },
  },
  // −Σ_ij w_ij·ln softmax_j(20·cos(q_i, p_j))
  graph: ({ queries, products }, input) =>
    neg(
      reduceSum(mul(input('weights'), logSoftmax(gemm(queries, products, { transB: true, alpha: SIMILARITY_SCALE })))),
    ),
  gains: null,
  otherNames: ['mnr', 'mnrl', 'infonce', 'multiplenegativesranking', 'multiplenegativesrankingloss'],
  help: 'multiple-negatives (each Exact product against the others of its batch)',
  reference: 'Henderson et al. 2017, arXiv:1705.00652; sentence-transformers’ MultipleNegativesRankingLoss',
};
