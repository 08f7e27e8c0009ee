import { describe, expect, it } from 'vitest';
import { evaluate as evaluateInFloat64 } from '../../../src/graph/evaluate.ts';
import { Graph, type Kind } from '../../../src/graph/graph.ts';
import * as op from '../../../src/graph/ops.ts';
import { buildCase, drawInputs, feedsOf } from './central-differences.ts';
import { primitiveCases, type PrimitiveCase } from './primitive-cases.ts';
import { evaluate } from './tensors.ts';
import { bindShape } from '../../../src/graph/shape.ts';

const cases = (Object.keys(primitiveCases) as Kind[]).flatMap((kind) =>
  (primitiveCases[kind] as readonly PrimitiveCase[]).map((example) => [kind, example.name, example] as const),
);

describe('primitives compute their formula', () => {
  it.each(cases)('%s %s', async (kind, _, example) => {
    const tensors = drawInputs(example, 3);
    const { graph, y } = buildCase(kind, example);
    const { y: found } = await evaluate(graph, { y }, feedsOf(example, tensors), example.binding);
    const { shape, data } = example.expected(...tensors);
    expect(bindShape(y.shape, example.binding)).toEqual(shape);
    expect(found!.length).toBe(data.length);
    data.forEach((value, i) =>
      expect(Math.abs(found![i]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value))),
    );
  });
});

/** What outputs are judged by; the others are computed by an engine alone. */
const ENCODER_KINDS: readonly Kind[] = ['erf', 'gelu', 'layerNorm'];

describe('evaluation without an engine gives the formula, in float64', () => {
  it.each(cases)('%s %s', (kind, _, example) => {
    const tensors = drawInputs(example, 3);
    const { y } = buildCase(kind, example);
    const feeds = Object.fromEntries(tensors.map(({ data }, i) => [`${i}`, data]));
    if (ENCODER_KINDS.includes(kind)) {
      expect(() => evaluateInFloat64(y, feeds, example.binding)).toThrow('a primitive of encoders');
      return;
    }
    const found = evaluateInFloat64(y, feeds, example.binding);
    const { data } = example.expected(...tensors);
    expect(found.length).toBe(data.length);
    data.forEach((value, i) =>
      expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value))),
    );
  });
});

describe('large arguments stay finite', () => {
  const x = Float32Array.of(-200, -90, -20, 0, 20, 90, 200);
  const run = async (build: (graph: Graph) => op.Operand) => {
    const graph = new Graph();
    const y = build(graph);
    if (typeof y === 'number') throw new Error('a constant');
    return (await evaluate(graph, { y }, { x }))['y']!;
  };

  it('softplus goes over into 0 and x', async () => {
    const y = await run((graph) => op.softplus(graph.input('x', [7])));
    [0, 0, Math.log1p(Math.exp(-20)), Math.LN2, 20, 90, 200].forEach((value, i) => expect(y[i]).toBeCloseTo(value, 5));
  });

  it('sigmoid goes over into 0 and 1', async () => {
    const y = await run((graph) => op.sigmoid(graph.input('x', [7])));
    expect(y[0]).toBeLessThan(1e-6);
    expect(y[3]).toBe(0.5);
    expect(y[6]).toBe(1);
  });

  it('softmax and its logarithm take differences of 400', async () => {
    const y = await run((graph) => op.softmax(graph.input('x', [1, 7])));
    expect([...y]).toEqual([0, 0, 0, 0, 0, 0, 1]);
    const logs = await run((graph) => op.logSoftmax(graph.input('x', [1, 7])));
    [-400, -290, -220, -200, -180, -110, 0].forEach((value, i) => expect(logs[i]).toBeCloseTo(value, 3));
  });
});
