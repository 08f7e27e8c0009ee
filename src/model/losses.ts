import { LOSSES_OF, type LossName, type ModelType } from '../config/options/names.ts';
import type { Value } from '../graph/graph.ts';
import { gemm, logSoftmax, mul, neg, reduceSum, softplus, sub } from '../graph/ops.ts';

/**
 * What the losses of a cross-encoder see: logits `[batch, labels]`, targets and weights of the same shape. The weights
 * sum to 1 over all micro-batches of a step, so that accumulation gives the mean over the whole batch.
 */
export interface CrossLossInputs {
  readonly logits: Value;
  readonly targets: Value;
  readonly weights: Value;
}

/** What the losses of a bi-encoder see: unit vectors `[batch, hidden]`, and targets and weights as the loss declares. */
export interface BiLossInputs {
  readonly queries: Value;
  readonly products: Value;
  readonly targets: Value;
  readonly weights: Value;
}

/** Scale of the cosines before the softmax in multiple-negatives ranking, as in sentence-transformers. */
export const SIMILARITY_SCALE = 20;

const crossLosses = {
  // Σ w·(logit − target)²
  MSE: ({ logits, targets, weights }) => {
    const difference = sub(logits, targets);
    return reduceSum(mul(weights, mul(difference, difference)));
  },
  // Σ w·(ln(1 + e^logit) − logit·target): binary cross-entropy on logits
  BCE: ({ logits, targets, weights }) => reduceSum(mul(weights, sub(softplus(logits), mul(logits, targets)))),
} as const satisfies Record<(typeof LOSSES_OF)['cross-encoder'][number], (inputs: CrossLossInputs) => Value>;

const biLosses = {
  // Σ w·(cos(q, p) − target)², targets and weights [batch]
  'cosine-MSE': ({ queries, products, targets, weights }) => {
    const difference = sub(reduceSum(mul(queries, products), [-1]), targets);
    return reduceSum(mul(weights, mul(difference, difference)));
  },
  // −Σ_ij w_ij·ln softmax_j(20·cos(q_i, p_j)), weights [batch, batch]: 1/batch on the diagonal (Henderson et al. 2017)
  'multiple-negatives': ({ queries, products, weights }) =>
    neg(reduceSum(mul(weights, logSoftmax(gemm(queries, products, { transB: true, alpha: SIMILARITY_SCALE }))))),
} as const satisfies Record<(typeof LOSSES_OF)['bi-encoder'][number], (inputs: BiLossInputs) => Value>;

/** Loss of a cross-encoder as a scalar. */
export function crossLoss(name: LossName, inputs: CrossLossInputs): Value {
  return lookup(crossLosses, name, 'cross-encoder')(inputs);
}

/** Loss of a bi-encoder as a scalar. */
export function biLoss(name: LossName, inputs: BiLossInputs): Value {
  return lookup(biLosses, name, 'bi-encoder')(inputs);
}

function lookup<T>(losses: Readonly<Record<string, T>>, name: LossName, type: ModelType): T {
  const loss = losses[name];
  // The configuration refuses such a pair, with line and column.
  if (loss === undefined) throw new Error(`a ${type} has no loss ${name}; it has ${LOSSES_OF[type].join(', ')}`);
  return loss;
}
