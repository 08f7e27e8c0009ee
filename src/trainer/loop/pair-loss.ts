import type { LossName } from '../../config/options/names.ts';
import { SIMILARITY_SCALE } from '../../model/losses.ts';
import { maxOf } from '../../vocabulary/extremes.ts';

/** Loss of one element without weights, in float64: what the training graph computes, for the loss on dev. */
const elementLoss = {
  MSE: (output, target) => (output - target) ** 2,
  // ln(1 + eˣ) − x·target, written so that it does not overflow
  BCE: (output, target) => Math.max(output, 0) + Math.log1p(Math.exp(-Math.abs(output))) - output * target,
  'cosine-MSE': (output, target) => (output - target) ** 2,
} as const satisfies Partial<Record<LossName, (output: number, target: number) => number>>;

/** Mean loss over outputs (logits, or cosines of pairs) and targets of equal length. */
export function meanLoss(
  loss: keyof typeof elementLoss,
  outputs: ArrayLike<number>,
  targets: ArrayLike<number>,
): number {
  let sum = 0;
  for (let i = 0; i < outputs.length; i++) sum += elementLoss[loss](outputs[i]!, targets[i]!);
  return outputs.length === 0 ? 0 : sum / outputs.length;
}

/**
 * Multiple-negatives loss over batches in the given order: cross-entropy of 20·cos(query i, product j) within a batch, mean
 * over all pairs. Vectors are unit vectors of `size` floats, row-major.
 */
export function multipleNegativesLoss(
  queries: readonly Float32Array[],
  products: readonly Float32Array[],
  batchSize: number,
): number {
  let total = 0;
  for (let start = 0; start < queries.length; start += batchSize) {
    const end = Math.min(start + batchSize, queries.length);
    for (let i = start; i < end; i++) {
      const scores = products.slice(start, end).map((product) => SIMILARITY_SCALE * dot(queries[i]!, product));
      const highest = maxOf(scores);
      const logSum = highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
      total += logSum - scores[i - start]!;
    }
  }
  return queries.length === 0 ? 0 : total / queries.length;
}

/** Inner product of two vectors of equal length, in float64. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
