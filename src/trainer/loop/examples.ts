import { LABELS, type Gains, type Label } from '../../vocabulary/label.ts';
import type { JudgedQuery, Product } from '../../data/judged-query.ts';
import type { LossName } from '../../config/options/names.ts';
import { maxOf } from '../../vocabulary/extremes.ts';

/** One training example: a judged pair. */
export interface Example {
  readonly query: JudgedQuery;
  readonly product: Product;
  readonly label: Label;
}

/**
 * The pairs that a loss learns from, in the data's order: all judgements, or for multiple-negatives ranking, which knows positives
 * only, the Exact ones.
 */
export function examplesFor(loss: LossName, queries: readonly JudgedQuery[]): Example[] {
  return queries.flatMap((query) =>
    query.judgements.flatMap(({ product, label }) =>
      loss === 'multiple-negatives' && label !== 'E' ? [] : [{ query, product, label }],
    ),
  );
}

/**
 * Class of a label for a head with n outputs, ordered E, S, C, I: with fewer than four classes the least relevant labels
 * share the last one; with more, the rest stay empty.
 */
export function classOf(label: Label, nLabels: number): number {
  return Math.min(LABELS.indexOf(label), nLabels - 1);
}

/** Regression targets of a label: its gain for one output, one-hot classes for several. */
export function targetsOf(label: Label, nLabels: number, gains: Gains): number[] {
  if (nLabels === 1) return [gains[label]];
  return Array.from({ length: nLabels }, (_, i) => (i === classOf(label, nLabels) ? 1 : 0));
}

/**
 * Score of a pair from its logits: the logit itself for one output; for several, the expected gain under their softmax,
 * a class shared by labels counting their mean gain.
 */
export function scoreOf(logits: ArrayLike<number>, gains: Gains): number {
  const n = logits.length;
  if (n === 1) return logits[0]!;
  const values = Array.from(logits);
  const highest = maxOf(values);
  const weights = values.map((logit) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.reduce((sum, weight, i) => sum + (weight / total) * gainOfClass(i, n, gains), 0);
}

function gainOfClass(index: number, nLabels: number, gains: Gains): number {
  const members = LABELS.filter((label) => classOf(label, nLabels) === index);
  return members.length === 0 ? 0 : members.reduce((sum, label) => sum + gains[label], 0) / members.length;
}
