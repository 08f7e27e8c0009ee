import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/onnx/session.ts';
import { Graph } from '../../../src/graph/graph.ts';
import { lowerGraph } from '../../../src/graph/lowering.ts';
import { encodeOnnx, type OnnxModel } from '../../../src/graph/onnx.ts';
import * as op from '../../../src/graph/ops.ts';
import { evaluate } from './tensors.ts';

const load = (model: OnnxModel): Promise<ort.InferenceSession> => ort.InferenceSession.create(encodeOnnx(model));
const EMPTY: OnnxModel = { name: 'test', nodes: [], inputs: [], outputs: [], initializers: [] };

describe('an encoded model in onnxruntime', () => {
  it('has the names, types and shapes that were written, symbols included', async () => {
    const session = await load({
      ...EMPTY,
      nodes: [
        { op: 'Identity', inputs: ['ids'], outputs: ['same ids'] },
        { op: 'Identity', inputs: ['größe'], outputs: ['y'] },
      ],
      inputs: [
        { name: 'ids', type: 'int64', shape: ['rows'] },
        { name: 'größe', type: 'float32', shape: ['batch', 3, 70_000] },
      ],
      outputs: [
        { name: 'same ids', type: 'int64', shape: ['rows'] },
        { name: 'y', type: 'float32', shape: ['batch', 3, 70_000] },
      ],
    });
    const described = session.inputMetadata.map((input) =>
      input.isTensor ? [input.name, input.type, input.shape] : [],
    );
    expect(described).toEqual([
      ['ids', 'int64', ['rows']],
      ['größe', 'float32', ['batch', 3, 70_000]],
    ]);
    expect(session.outputNames).toEqual(['same ids', 'y']);
    const ids = BigInt64Array.of(0n, -1n, -(2n ** 63n), 2n ** 63n - 1n);
    const results = await session.run({
      ids: new ort.Tensor('int64', ids, [4]),
      größe: new ort.Tensor('float32', new Float32Array(0), [0, 3, 70_000]),
    });
    expect(results['same ids']!.data).toEqual(ids);
    await session.release();
  });

  it('computes with constants of both types, negative ones too', async () => {
    const session = await load({
      ...EMPTY,
      nodes: [
        { op: 'Identity', inputs: ['floats'], outputs: ['y'] },
        { op: 'Identity', inputs: ['ints'], outputs: ['n'] },
      ],
      outputs: [
        { name: 'y', type: 'float32', shape: [2, 2] },
        { name: 'n', type: 'int64', shape: [3] },
      ],
      initializers: [
        { name: 'floats', shape: [2, 2], data: Float32Array.of(0, -1.5, 1e-30, 3e38) },
        { name: 'ints', shape: [3], data: BigInt64Array.of(-1n, 2n ** 40n, -(2n ** 40n)) },
      ],
    });
    const { y, n } = await session.run({});
    expect(y!.dims).toEqual([2, 2]);
    expect(y!.data).toEqual(Float32Array.of(0, -1.5, 1e-30, 3e38));
    expect(n!.data).toEqual(BigInt64Array.of(-1n, 2n ** 40n, -(2n ** 40n)));
    await session.release();
  });

  it('takes a constant that views part of a larger buffer', async () => {
    const data = Float32Array.of(9, 9, 1, 2, 9).subarray(2, 4);
    const session = await load({
      ...EMPTY,
      nodes: [{ op: 'Identity', inputs: ['c'], outputs: ['y'] }],
      outputs: [{ name: 'y', type: 'float32', shape: [2] }],
      initializers: [{ name: 'c', shape: [2], data }],
    });
    expect([...(await session.run({}))['y']!.data]).toEqual([1, 2]);
    await session.release();
  });

  it('reads attributes that are negative integers, lists and floats', async () => {
    const x = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const session = await load({
      ...EMPTY,
      nodes: [
        { op: 'Concat', inputs: ['x', 'x'], outputs: ['wide'], attributes: { axis: -1 } },
        { op: 'Transpose', inputs: ['x'], outputs: ['turned'], attributes: { perm: [1, 0] } },
        { op: 'LeakyRelu', inputs: ['minus'], outputs: ['leaky'], attributes: { alpha: { float: -0.5 } } },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: [2, 3] }],
      outputs: [
        { name: 'wide', type: 'float32', shape: [2, 6] },
        { name: 'turned', type: 'float32', shape: [3, 2] },
        { name: 'leaky', type: 'float32', shape: [1] },
      ],
      initializers: [{ name: 'minus', shape: [1], data: Float32Array.of(-8) }],
    });
    const { wide, turned, leaky } = await session.run({ x });
    expect([...wide!.data]).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6]);
    expect([...turned!.data]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...leaky!.data]).toEqual([4]);
    await session.release();
  });
});

describe('lowering', () => {
  it('writes only what the outputs need', () => {
    const graph = new Graph();
    const [x, unused] = [graph.input('x', [2]), graph.input('unused', [2])];
    const y = op.exp(x);
    op.log(op.add(unused, y));
    const { model } = lowerGraph(graph, { y });
    expect(model.inputs.map(({ name }) => name)).toEqual(['x']);
    expect(model.nodes.map((node) => node.op)).toEqual(['Exp']);
  });

  it('feeds a shape with two symbols, and lets onnxruntime infer a single one', async () => {
    const graph = new Graph();
    const x = graph.input('x', ['rows', 4]);
    const split = op.reshape(x, ['batch', 'tokens', 4]);
    const joined = op.reshape(op.neg(split), ['rows', 2, 2]);
    const { shapeInputs } = lowerGraph(graph, { joined });
    expect(shapeInputs.map(({ shape }) => shape)).toEqual([['batch', 'tokens', 4]]);
    const binding = { batch: 2, tokens: 3, rows: 6 };
    const values = Float32Array.from({ length: 24 }, (_, i) => i + 1);
    const results = await evaluate(graph, { joined }, { x: values }, binding);
    expect(results['joined']).toEqual(values.map((value) => -value));
  });

  it('passes on inputs, constants and a value under two names', async () => {
    const graph = new Graph();
    const x = graph.input('x', [2]);
    const y = op.mul(x, 2);
    const results = await evaluate(
      graph,
      { x2: y, again: y, same: x, half: graph.scalar(0.5) },
      { x: Float32Array.of(1, -3) },
    );
    expect(Object.fromEntries(Object.entries(results).map(([key, value]) => [key, [...value]]))).toEqual({
      x2: [2, -6],
      again: [2, -6],
      same: [1, -3],
      half: [0.5],
    });
  });

  it('keeps the statistics of a LayerNorm in their places when its result is not read', async () => {
    const graph = new Graph();
    const x = graph.input('x', [1, 4]);
    const y = op.layerNorm(x, graph.input('gamma', [4]), graph.input('beta', [4]), 0);
    const [, mean, invStd] = y.node!.outputs;
    const feeds = { x: Float32Array.of(1, 3, 5, 7), gamma: new Float32Array(4), beta: new Float32Array(4) };
    const found = await evaluate(graph, { mean: mean!, invStd: invStd! }, feeds);
    expect(found['mean']![0]).toBeCloseTo(4, 6);
    expect(found['invStd']![0]).toBeCloseTo(1 / Math.sqrt(5), 6);
  });
});

describe('running', () => {
  const graph = new Graph();
  const y = op.neg(graph.input('x', ['rows', 2]));

  it('says which feed is missing', async () => {
    await expect(evaluate(graph, { y }, {}, { rows: 1 })).rejects.toThrow('no feed for input "x"');
  });

  it('says which feed has the wrong size', async () => {
    await expect(evaluate(graph, { y }, { x: new Float32Array(3) }, { rows: 2 })).rejects.toThrow(
      'feed "x" has 3 elements, its shape is [2, 2]',
    );
  });

  it('writes into arrays that it is given, and refuses those of another size', async () => {
    const executable = await compile(graph, { y, same: op.mul(y, 2) }, { device: 'cpu', threads: 1 });
    const mine = new Float32Array(6).subarray(1, 5);
    const run = (array: Float32Array) => executable.run({ x: Float32Array.of(1, 2, 3, 4) }, { rows: 2 }, { y: array });
    const { y: found, same } = await run(mine);
    expect([...mine]).toEqual([-1, -2, -3, -4]);
    expect(found).toBe(mine);
    expect([...same]).toEqual([-2, -4, -6, -8]);
    await expect(run(new Float32Array(3))).rejects.toThrow('output "out/y" has 3 elements, its shape is [2, 2]');
    await executable.dispose();
  });

  it('says which symbol has no size', async () => {
    await expect(evaluate(graph, { y }, { x: new Float32Array(4) }, { batch: 2 })).rejects.toThrow(
      'no size for dimension "rows"; bound: batch',
    );
  });
});
