import * as ort from 'onnxruntime-node';
import type { Graph, Value } from '../graph/graph.ts';
import { lowerGraph } from '../graph/lowering.ts';
import { encodeOnnx } from '../graph/onnx.ts';
import { bindShape, sizeOf, type Binding, type Shape } from '../graph/shape.ts';
import { executionProvider, type DeviceOptions } from './device.ts';

/** Data of a graph input, in row-major order; its length must fit the input's shape under the binding. */
export type Feed = Float32Array | BigInt64Array;

/** A graph that is ready to run. `run` blocks the event loop: it is one synchronous native call. */
export interface Executable {
  /**
   * Runs the graph once. Feeds go by input name, their shapes come from the graph and the binding; feeds of inputs
   * that were pruned away are ignored. Returns a fresh Float32Array for each output.
   */
  run(feeds: Readonly<Record<string, Feed>>, binding: Binding): Promise<Record<string, Float32Array>>;
  dispose(): Promise<void>;
}

/** Compiles the part of the graph that `outputs` need into a session on the device. */
export async function compile(
  graph: Graph,
  outputs: Readonly<Record<string, Value>>,
  options: DeviceOptions,
): Promise<Executable> {
  const { model, shapeInputs } = lowerGraph(graph, outputs);
  const session = await openSession(encodeOnnx(model), options);
  const shapes = new Map<string, Shape>(shapeInputs.map(({ name, shape }) => [name, shape]));
  return {
    async run(feeds, binding) {
      const tensors: Record<string, ort.Tensor> = {};
      for (const { name, type, shape } of model.inputs) {
        const sizes = bindShape(shape, binding);
        const wanted = shapes.get(name);
        const data = wanted === undefined ? feeds[name] : BigInt64Array.from(bindShape(wanted, binding), BigInt);
        if (data === undefined) throw new Error(`no feed for input "${name}"`);
        if (data.length !== sizeOf(sizes)) {
          throw new Error(`feed "${name}" has ${data.length} elements, its shape is [${sizes.join(', ')}]`);
        }
        tensors[name] =
          type === 'int64'
            ? new ort.Tensor('int64', data as BigInt64Array, sizes)
            : new ort.Tensor('float32', data as Float32Array, sizes);
      }
      const results = await session.run(tensors);
      const values: Record<string, Float32Array> = {};
      for (const [name, tensor] of Object.entries(results)) values[name] = tensor.data as Float32Array;
      return values;
    },
    dispose: () => session.release(),
  };
}

/** Opens an ONNX model given as bytes or as a file path. */
export async function openSession(
  model: Uint8Array | string,
  { device, threads }: DeviceOptions,
): Promise<ort.InferenceSession> {
  const options: ort.InferenceSession.SessionOptions = {
    executionProviders: [executionProvider[device]],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(threads === null ? {} : { intraOpNumThreads: threads }),
  };
  return typeof model === 'string'
    ? ort.InferenceSession.create(model, options)
    : ort.InferenceSession.create(model, options);
}
