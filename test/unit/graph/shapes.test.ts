import { describe, expect, it } from 'vitest';
import { Graph, type Value } from '../../../src/graph/graph.ts';
import * as op from '../../../src/graph/ops.ts';
import { bindShape, broadcastAxes, broadcastShapes, nSymbols, type Shape } from '../../../src/graph/shape.ts';

const input = (...shape: Shape): Value => new Graph().input('x', shape);
const inputs = (...shapes: Shape[]): Value[] => {
  const graph = new Graph();
  return shapes.map((shape, i) => graph.input(`${i}`, shape));
};

describe('shapes of results', () => {
  const add = (a: Shape, b: Shape): Shape => {
    const [x, y] = inputs(a, b);
    return op.add(x!, y!).shape;
  };

  it('broadcasts from the right, symbols only to themselves or over 1', () => {
    expect(add(['batch', 1, 'tokens'], ['heads', 1])).toEqual(['batch', 'heads', 'tokens']);
    expect(add([], ['rows'])).toEqual(['rows']);
    expect(() => add(['batch', 2], ['tokens', 2])).toThrow('cannot broadcast [batch, 2] with [tokens, 2]');
    expect(() => add([2, 3], [2])).toThrow('cannot broadcast [2, 3] with [2]');
    expect(() => add(['rows'], [6])).toThrow('cannot broadcast');
  });

  it('knows which axes a broadcast has added or stretched', () => {
    expect(broadcastAxes([2, 3, 4], [3, 1])).toEqual([0, 2]);
    expect(broadcastAxes(['batch', 'tokens'], ['batch', 1])).toEqual([1]);
    expect(broadcastAxes([1, 3], [1, 3])).toEqual([]);
    expect(broadcastShapes([1], [1])).toEqual([1]);
  });

  it('binds symbols, and counts repeated ones each time', () => {
    expect(bindShape(['batch', 3, 'tokens'], { batch: 2, tokens: 7 })).toEqual([2, 3, 7]);
    expect(nSymbols(['batch', 'batch', 3])).toBe(2);
  });

  it('infers gemm, matmul, transpose, reduceSum and gather', () => {
    const [a, b] = inputs([3, 'rows'], [5, 3]);
    expect(op.gemm(a!, b!, { transA: true, transB: true }).shape).toEqual(['rows', 5]);
    const [c, d] = inputs(['batch', 2, 'tokens', 4], ['batch', 2, 4, 'tokens']);
    expect(op.matmul(c!, d!).shape).toEqual(['batch', 2, 'tokens', 'tokens']);
    expect(op.transpose(c!, [0, 2, 3, 1]).shape).toEqual(['batch', 'tokens', 4, 2]);
    expect(op.reduceSum(c!, [-1, 1], true).shape).toEqual(['batch', 1, 'tokens', 1]);
    expect(op.reduceSum(c!).shape).toEqual([]);
    const graph = new Graph();
    const rows = op.gather(graph.input('table', [9, 4]), graph.input('ids', ['rows'], 'int64'));
    expect(rows.shape).toEqual(['rows', 4]);
  });
});

describe('wrong shapes throw at once, with the shapes', () => {
  const attempts: readonly (readonly [string, () => unknown, string])[] = [
    ['gemm: inner sizes', () => gemmOf([2, 3], [2, 3]), 'gemm: [2, 3] · [2, 3]'],
    ['gemm: transposed inner sizes', () => gemmOf([2, 3], [4, 2], { transB: true }), 'gemm: [2, 3] · [4, 2]ᵀ'],
    ['gemm: no matrix', () => gemmOf([2, 3, 4], [4, 2]), 'gemm: [2, 3, 4] is no matrix'],
    ['gemm: bias', () => gemmOf([2, 3], [3, 4], {}, [3]), 'gemm: [2, 3] · [3, 4] + [3]'],
    ['matmul: inner sizes', () => matmulOf([2, 3, 4], [2, 3, 4]), 'matmul: [2, 3, 4] · [2, 3, 4]'],
    ['matmul: leading axes', () => matmulOf([2, 3, 4], [3, 4, 5]), 'matmul: [2, 3, 4] · [3, 4, 5]'],
    ['matmul: no broadcasting', () => matmulOf([2, 3, 4], [4, 5]), 'matmul: [2, 3, 4] · [4, 5]'],
    ['matmul: vectors', () => matmulOf([3], [3]), 'matmul: [3] · [3]'],
    ['transpose: rank', () => op.transpose(input(2, 3), [0]), 'transpose: [2, 3] by (0)'],
    ['transpose: repeated axis', () => op.transpose(input(2, 3), [0, 0]), 'transpose: [2, 3] by (0, 0)'],
    ['expand: shrinks', () => op.expand(input(2, 3), [3]), 'expand: [2, 3] to [3]'],
    ['expand: other size', () => op.expand(input(2), [3]), 'cannot broadcast [2] with [3]'],
    ['layerNorm: gamma', () => normOf([2, 3], [2], [3]), 'layerNorm: [2, 3] with gamma [2], beta [3]'],
    ['layerNorm: beta', () => normOf([2, 3], [3], [1]), 'layerNorm: [2, 3] with gamma [3], beta [1]'],
    ['gather: ids of a matrix', () => gatherOf([4, 2], [3, 1]), 'gather: ids are [rows], not [3, 1]'],
    ['two constants', () => op.add(1, 2), 'two constants'],
  ];
  const gemmOf = (a: Shape, b: Shape, options: Parameters<typeof op.gemm>[2] = {}, bias?: Shape): Value => {
    const [x, y, c] = inputs(a, b, ...(bias === undefined ? [] : [bias]));
    return op.gemm(x!, y!, { ...options, ...(c === undefined ? {} : { bias: c }) });
  };
  const matmulOf = (a: Shape, b: Shape): Value => {
    const [x, y] = inputs(a, b);
    return op.matmul(x!, y!);
  };
  const normOf = (...shapes: Shape[]): Value => {
    const [x, gamma, beta] = inputs(...shapes);
    return op.layerNorm(x!, gamma!, beta!, 0);
  };
  const gatherOf = (table: Shape, ids: Shape): Value => {
    const [x, y] = inputs(table, ids);
    return op.gather(x!, y! as unknown as Value<'int64'>);
  };
  it.each(attempts)('%s', (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });
});

describe('a graph', () => {
  it('refuses a second input of one name', () => {
    const graph = new Graph();
    graph.input('x', [1]);
    expect(() => graph.input('x', [2])).toThrow('input "x" exists already');
  });

  it('refuses values of another graph', () => {
    expect(() => op.add(input(2), input(2))).toThrow('add: an input belongs to another graph');
  });

  it('shares equal constants and skips reshapes to the same shape', () => {
    const graph = new Graph();
    expect(graph.scalar(0.5)).toBe(graph.scalar(0.5));
    const x = graph.input('x', ['rows', 2]);
    expect(op.reshape(x, ['rows', 2])).toBe(x);
    expect(op.expand(x, ['rows', 2])).toBe(x);
    expect(op.sumTo(x, ['rows', 2])).toBe(x);
    expect(graph.nodes).toEqual([]);
  });
});
