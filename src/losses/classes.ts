/** Heads with several outputs: a class for each label, in the order E, S, C, I. */
import { LABELS } from '../vocabulary/label.ts';
import type { Gains, Label } from '../vocabulary/label.ts';
import type { CrossOutputs, LossInput } from './loss.ts';

/**
 * Class of a label for a head with n outputs: with fewer than four the least relevant labels share the last one; with more, the rest
 * stay empty.
 */
export function classOf(label: Label, nLabels: number): number {
  return Math.min(LABELS.indexOf(label), nLabels - 1);
}

/** Gain of a class: the mean over the labels that share it, 0 for an empty one. */
export function gainOfClass(index: number, nLabels: number, gains: Gains): number {
  const members = LABELS.filter((label) => classOf(label, nLabels) === index);
  return members.length === 0 ? 0 : members.reduce((sum, label) => sum + gains[label], 0) / members.length;
}

/** Targets of a label: its gain for one output, one-hot classes for several. */
export function targetsOf(label: Label, nLabels: number, gains: Gains): readonly number[] {
  if (nLabels === 1) return [gains[label]];
  return Array.from({ length: nLabels }, (_, i) => (i === classOf(label, nLabels) ? 1 : 0));
}

/** Σ activation(logit of a class)·gain of the class; the logit itself for one output, where the gain was the target. */
export function gainScore(
  logits: ArrayLike<number>,
  gains: Gains,
  activation: (logit: number) => number = (logit) => logit,
): number {
  const n = logits.length;
  if (n === 1) return logits[0]!;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += activation(logits[i]!) * gainOfClass(i, n, gains);
  return sum;
}

/** What losses over single outputs are fed: targets, and equal weights that add up to 1 over the outputs of a step. */
export const outputInputs: Readonly<Record<'targets' | 'weights', LossInput<CrossOutputs>>> = {
  targets: {
    shape: ({ logits }) => logits.shape,
    data: ({ labels, nLabels, gains }) => labels.flat().flatMap((label) => targetsOf(label, nLabels, gains)),
  },
  weights: {
    shape: ({ logits }) => logits.shape,
    // Each pair weighs its part of its example.
    data: ({ labels, nExamples, nLabels }) =>
      labels.flatMap((pairs) =>
        new Array<number>(pairs.length * nLabels).fill(1 / (nExamples * pairs.length * nLabels)),
      ),
  },
};
