import { describe, expect, it } from 'vitest';
import { gradients } from '../../../src/graph/backward.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { lowerGraph } from '../../../src/graph/lowering.ts';
import * as op from '../../../src/graph/ops.ts';
import { evaluate } from './tensors.ts';

describe('the backward pass', () => {
  it('adds up the gradients of a value that is used several times', async () => {
    const graph = new Graph();
    const x = graph.input('x', [3]);
    // Σ x³ + 2x + x·x: 3x² + 2 + 2x
    const loss = op.reduceSum(op.add(op.mul(op.mul(x, x), x), op.add(op.mul(x, 2), op.mul(x, x))));
    const [gradient] = gradients(loss, [x]);
    const values = [-1.5, 0, 2];
    const found = await evaluate(graph, { gradient: gradient! }, { x: Float32Array.from(values) });
    expect([...found['gradient']!]).toEqual(values.map((value) => 3 * value * value + 2 + 2 * value));
  });

  it('differentiates with respect to a value inside the graph', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const middle = op.exp(x);
    const [toMiddle, toX] = gradients(op.reduceSum(op.mul(middle, middle)), [middle, x]);
    const found = await evaluate(graph, { toMiddle: toMiddle!, toX: toX! }, { x: Float32Array.of(0, 1) });
    [2, 2 * Math.E].forEach((value, i) => expect(found['toMiddle']![i]).toBeCloseTo(value, 5));
    [2, 2 * Math.E ** 2].forEach((value, i) => expect(found['toX']![i]).toBeCloseTo(value, 4));
  });

  it('gives the loss itself the gradient 1', async () => {
    const graph = new Graph();
    const loss = graph.input('loss', []);
    const [gradient] = gradients(loss, [loss]);
    const found = await evaluate(graph, { gradient: gradient! });
    expect([...found['gradient']!]).toEqual([1]);
  });

  it('leaves out everything that no wanted gradient passes through', () => {
    const nodesFor = (wanted: 'early' | 'late'): number => {
      const graph = new Graph();
      const [x, early, late] = [graph.input('x', [4, 4]), graph.input('early', [4, 4]), graph.input('late', [4, 4])];
      const loss = op.reduceSum(op.gemm(op.tanh(op.gemm(op.tanh(op.gemm(x, early)), early)), late));
      const [gradient] = gradients(loss, [wanted === 'early' ? early : late]);
      return lowerGraph(graph, { gradient: gradient! }).model.nodes.length;
    };
    expect(nodesFor('late')).toBeLessThan(nodesFor('early'));
  });

  it('asks rules only for gradients that are wanted', () => {
    const graph = new Graph();
    const [x, weight] = [graph.input('x', ['rows', 4]), graph.input('weight', [4, 4])];
    const before = graph.nodes.length;
    gradients(op.reduceSum(op.gemm(x, weight)), [weight]);
    const products = graph.nodes.slice(before).filter((node) => node.kind === 'gemm');
    expect(products.length).toBe(2);
  });

  it('refuses a loss that is no scalar, and says what the loss does not depend on', () => {
    const graph = new Graph();
    const [x, other] = [graph.input('x', [2]), graph.input('other', [2])];
    expect(() => gradients(op.neg(x), [x])).toThrow('the loss is a scalar, not [2]');
    expect(() => gradients(op.reduceSum(x), [x, other])).toThrow('the loss does not depend on other');
    // Only through a flat function: no gradient either.
    expect(() => gradients(op.reduceSum(op.sign(x)), [x])).toThrow('the loss does not depend on x');
  });
});
