import * as ort from 'onnxruntime-node';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { Graph } from '../../graph/graph.ts';
import { lowerGraph } from '../../graph/lowering.ts';
import { encodeOnnx } from '../../graph/onnx.ts';
import { bindShape, sizeOf, type Binding, type Shape } from '../../graph/shape.ts';
import type { DeviceOptions } from '../engine.ts';
import { executionProvider } from './device.ts';
import { arraysOf, valuesOf, withResults, type OutputTree, type PartialResults, type Results } from './output-tree.ts';

/** Data of a graph input, in row-major order; its length must fit the input's shape under the binding. */
export type Feed = Float32Array | BigInt64Array;

/** A graph that is ready to run. `run` blocks the event loop: it is one synchronous native call. */
export interface Executable<T> {
  /**
   * Runs the graph once. Feeds go by input name, their shapes come from the graph and the binding; feeds of inputs
   * that were pruned away are ignored. Outputs that have an array in `into` are written there, which saves the allocation of large
   * ones; the others come as fresh arrays.
   */
  run(feeds: Readonly<Record<string, Feed>>, binding: Binding, into?: PartialResults<T>): Promise<Results<T>>;
  dispose(): Promise<void>;
}

/** Compiles the part of the graph that `outputs` need into a session on the device. Results have the nesting of `outputs`. */
export async function compile<T>(
  graph: Graph,
  outputs: T & OutputTree,
  options: DeviceOptions,
): Promise<Executable<T>> {
  const { model, shapeInputs } = lowerGraph(graph, valuesOf(outputs));
  const session = await openSession(encodeOnnx(model), options);
  const shapes = new Map<string, Shape>(shapeInputs.map(({ name, shape }) => [name, shape]));
  return {
    async run(feeds, binding, given) {
      const into = arraysOf(given);
      const tensors: Record<string, ort.Tensor> = {};
      for (const { name, type, shape } of model.inputs) {
        const sizes = bindShape(shape, binding);
        const wanted = shapes.get(name);
        const data = wanted === undefined ? feeds[name] : BigInt64Array.from(bindShape(wanted, binding), BigInt);
        if (data === undefined) throw new Error(`no feed for input "${name}"`);
        checkLength('feed', name, data, sizes);
        tensors[name] =
          type === 'int64'
            ? new ort.Tensor('int64', data as BigInt64Array, sizes)
            : new ort.Tensor('float32', data as Float32Array, sizes);
      }
      const fetches: Record<string, ort.Tensor | null> = {};
      for (const { name, shape } of model.outputs) {
        const array = into[name];
        const sizes = array === undefined ? [] : bindShape(shape, binding);
        if (array !== undefined) checkLength('output', name, array, sizes);
        fetches[name] = array === undefined ? null : new ort.Tensor('float32', array, sizes);
      }
      const results = await session.run(tensors, fetches);
      const arrays = Object.fromEntries(Object.entries(results).map(([name, { data }]) => [name, into[name] ?? data]));
      return withResults(outputs, arrays) as Results<T>;
    },
    dispose: () => session.release(),
  };
}

function checkLength(role: string, name: string, { length }: Feed, sizes: readonly number[]): void {
  if (length === sizeOf(sizes)) return;
  throw new Error(`${role} "${name}" has ${length} elements, its shape is [${sizes.join(', ')}]`);
}

/**
 * Opens an ONNX model given as bytes.
 * @throws ProblemError `device-unavailable` when this machine, or this platform's build of onnxruntime, lacks the device
 */
async function openSession(model: Uint8Array, device: DeviceOptions): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, sessionOptions(device));
  } catch (error) {
    // On the cpu a model that does not load is our own mistake.
    if (device.device === 'cpu') throw error;
    const available = ort.listSupportedBackends().map(({ name }) => name);
    throw new ProblemError(
      {
        code: 'device-unavailable',
        message: `the device "${device.device}" cannot be used here: ${(error as Error).message}`,
        where: 'device',
        next: `Set device to cpu, which works everywhere; onnxruntime's build for this platform knows ${available.join(', ')}.`,
      },
      { cause: error },
    );
  }
}

/** The settings that every session of ours has. */
export function sessionOptions({ device, threads }: DeviceOptions): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [executionProvider[device]],
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait for work by spinning save little on an idle machine, and on a busy one (an editor, a browser, a
    // second run) they take the cores from the thread that they wait for.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    ...(threads === null ? {} : { intraOpNumThreads: threads }),
  };
}
