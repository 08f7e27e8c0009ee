import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/graph/evaluate.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { bindShape, sizeOf } from '../../../src/graph/shape.ts';
import { cosineMse } from '../../../src/losses/cosine-mse.ts';
import { lossInputs } from '../../../src/model/loss-graph.ts';
import { createRanker } from '../../../src/model/rankers/rankers.ts';
import { SMALL } from '../engine/random-ranker.ts';
import { bce } from '../../../src/losses/bce.ts';
import { classOf, targetsOf } from '../../../src/losses/classes.ts';
import { LOSSES, LOSS_NAMES, lossOf } from '../../../src/losses/losses.ts';
import type { Loss } from '../../../src/losses/loss.ts';
import { mse } from '../../../src/losses/mse.ts';
import { multipleNegatives } from '../../../src/losses/multiple-negatives.ts';
import { ESCI_GAINS, LABELS } from '../../../src/vocabulary/label.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('targets', () => {
  it('of one output are the gain, of four one-hot', () => {
    expect(LABELS.map((label) => targetsOf(label, 1, ESCI_GAINS))).toEqual([[1], [0.1], [0.01], [0]]);
    expect(targetsOf('C', 4, ESCI_GAINS)).toEqual([0, 0, 1, 0]);
  });

  it('of fewer outputs put the least relevant labels together; more outputs stay empty', () => {
    expect(LABELS.map((label) => classOf(label, 2))).toEqual([0, 1, 1, 1]);
    expect(LABELS.map((label) => classOf(label, 6))).toEqual([0, 1, 2, 3]);
  });
});

describe('scores follow the loss', () => {
  it('one output is the score itself', () => {
    for (const { score } of [mse, bce]) expect(score([-3.5], ESCI_GAINS)).toBe(-3.5);
  });

  it('MSE: Σ logit·gain', () => {
    expect(mse.score([0.7, 0.2, -0.1, 0.4], ESCI_GAINS)).toBeCloseTo(0.7 + 0.02 - 0.001, 12);
  });

  it('BCE: Σ σ(logit)·gain', () => {
    const logits = [2, -1, 0.5, 3];
    const expected = sigmoid(2) + 0.1 * sigmoid(-1) + 0.01 * sigmoid(0.5);
    expect(bce.score(logits, ESCI_GAINS)).toBeCloseTo(expected, 12);
    expect(bce.score([800, -800, -800, -800], ESCI_GAINS)).toBe(1);
  });

  it('a class that labels share counts their mean gain, an empty one nothing', () => {
    expect(mse.score([0, 1], ESCI_GAINS)).toBeCloseTo((0.1 + 0.01 + 0) / 3, 12);
    expect(mse.score([0, 0, 0, 0, 1, 1], ESCI_GAINS)).toBe(0);
  });

  it('outputs that equal the targets order products as their labels do', () => {
    const scores = LABELS.map((label) => mse.score(targetsOf(label, 4, ESCI_GAINS), ESCI_GAINS));
    expect([...scores].sort((a, b) => b - a)).toEqual(scores);
  });
});

describe('the table', () => {
  it('gives a loss to its model type alone', () => {
    expect(lossOf('cross-encoder', 'MSE')).toBe(mse);
    expect(() => lossOf('bi-encoder', 'MSE')).toThrow('a bi-encoder has no loss MSE; it has cosine-MSE');
  });

  it.each(LOSS_NAMES)('%s says where it comes from, and weighs the examples of a step by one in all', (name) => {
    const { reference, inputs }: Loss = LOSSES[name];
    expect(reference).not.toBe('');
    const labels = LABELS.map((label) => [label]);
    const weights = inputs['weights']!.data({ labels, nExamples: 8, nLabels: 1, gains: ESCI_GAINS });
    // Half of the examples of a step.
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(0.5, 12);
  });

  it.each(LOSS_NAMES)('%s can be evaluated on dev, without an engine', (name) => {
    const { modelType } = LOSSES[name];
    const ranker = createRanker(modelType, SMALL, { nLabels: 1, pooling: 'mean', isNormalised: true });
    const graph = new Graph();
    const loss = ranker.outputLoss(name, graph);
    const batch = { labels: LABELS.map((label) => [label]), nExamples: 4, nLabels: 1, gains: ESCI_GAINS };
    const binding = { batch: 4 };
    const outputs = graph.inputs
      .map((input) => [input.name, sizeOf(bindShape(input.value.shape, binding))] as const)
      .map(([input, size]) => [input, Array.from({ length: size }, (_, i) => 0.01 * Math.sin(i))] as const);
    const [value] = evaluate(loss, { ...Object.fromEntries(outputs), ...lossInputs(name, batch) }, binding);
    expect(value).toBeGreaterThan(0);
  });

  it('an example of several products weighs as much as one of a single product', () => {
    for (const { inputs } of [mse, bce, cosineMse]) {
      const weights = inputs['weights']!.data({
        ...{ labels: [['E', 'S', 'I'], ['C']], nExamples: 2, nLabels: 1, gains: ESCI_GAINS },
      });
      expect(weights.length).toBe(4);
      expect(weights[0]! + weights[1]! + weights[2]!).toBeCloseTo(0.5, 12);
      expect(weights[3]).toBe(0.5);
    }
  });

  it('multiple negatives see Exact products alone, and weigh the diagonal', () => {
    expect(multipleNegatives.examples(['E', 'S', 'E', 'I'])).toEqual([[0], [2]]);
    const weights = multipleNegatives.inputs['weights']!.data({
      ...{ labels: [['E'], ['E']], nExamples: 2, nLabels: 1, gains: ESCI_GAINS },
    });
    expect(weights).toEqual([0.5, 0, 0, 0.5]);
  });
});
