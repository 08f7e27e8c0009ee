import { compile, type Feed } from '../../../src/engine/onnx/session.ts';
import { gradients } from '../../../src/graph/backward.ts';
import { Graph, type Kind, type Value } from '../../../src/graph/graph.ts';
import { mul, reduceSum } from '../../../src/graph/ops.ts';
import { bindShape, sizeOf } from '../../../src/graph/shape.ts';
import type { PrimitiveCase } from './primitive-cases.ts';
import { evaluate, seededRandom, type Tensor } from './tensors.ts';

/** Large against the rounding of float32 (2^-24); the extrapolation takes care of its own error. */
const STEP = 2 ** -4;

/** A case with the values of its inputs drawn from the seed. */
export function drawInputs({ inputs, binding }: PrimitiveCase, seed = 1): Tensor[] {
  const random = seededRandom(seed);
  return inputs.map((input) => {
    const shape = bindShape(input.shape, binding);
    if ('ids' in input) return { shape, data: input.ids };
    const data = Array.from({ length: sizeOf(shape) }, () => {
      const magnitude = input.from + (input.to - input.from) * random();
      return Math.fround(input.isSigned && random() < 0.5 ? -magnitude : magnitude);
    });
    return { shape, data };
  });
}

/** The graph of a case: its inputs are named 0, 1, …; `kind` must occur in it. */
export function buildCase(kind: Kind, { inputs, build, name }: PrimitiveCase) {
  const graph = new Graph();
  const values = inputs.map((input, i) => graph.input(`${i}`, input.shape, 'ids' in input ? 'int64' : 'float32'));
  const y = build(...(values as never[]));
  if (!graph.nodes.some((node) => node.kind === kind)) throw new Error(`${kind} ${name} has no such node`);
  return { graph, values, y };
}

/** Feeds of tensors that are named 0, 1, … */
export function feedsOf({ inputs }: PrimitiveCase, tensors: readonly Tensor[]): Record<string, Feed> {
  return Object.fromEntries(
    tensors.map(({ data }, i) => [
      `${i}`,
      'ids' in inputs[i]! ? BigInt64Array.from(data, BigInt) : Float32Array.from(data),
    ]),
  );
}

/**
 * For each float input of the case, the largest difference between the gradient by the rules and by central
 * differences of the compiled forward graph (Richardson-extrapolated, for a random cotangent), relative to the largest gradient.
 */
export async function gradientDeviations(kind: Kind, example: PrimitiveCase): Promise<number[]> {
  const tensors = drawInputs(example);
  const random = seededRandom(7);
  const { graph, values, y } = buildCase(kind, example);
  const cotangent = Float32Array.from({ length: sizeOf(bindShape(y.shape, example.binding)) }, () => 2 * random() - 1);
  const forward = await compile(graph, { y }, { device: 'cpu', threads: 1 });

  const isFloat = (i: number): boolean => !('ids' in example.inputs[i]!);
  const floatInputs = values.map((_, i) => i).filter(isFloat);
  const loss = reduceSum(mul(y, graph.input('cotangent', y.shape)));
  const wrt = example.onHost === undefined ? floatInputs.map((i) => values[i] as Value) : [y];
  const outputs = Object.fromEntries(gradients(loss, wrt).map((gradient, i) => [`gradient${i}`, gradient]));
  const results = await evaluate(graph, outputs, { ...feedsOf(example, tensors), cotangent }, example.binding);

  const deviations: number[] = [];
  for (const [position, input] of floatInputs.entries()) {
    const result = results[`gradient${position}`]!;
    const found = example.onHost === undefined ? result : example.onHost(result, ...tensors);
    const expected: number[] = [];
    for (let element = 0; element < tensors[input]!.data.length; element++) {
      const slope = async (step: number): Promise<number> => {
        const [high, low] = [step, -step].map((shift) => {
          const data = tensors[input]!.data.map((value, i) => (i === element ? Math.fround(value + shift) : value));
          return { ...tensors[input]!, data };
        });
        const at = async (moved: Tensor): Promise<Float32Array> => {
          const all = tensors.map((tensor, i) => (i === input ? moved : tensor));
          return (await forward.run(feedsOf(example, all), example.binding)).y;
        };
        const [above, below] = [await at(high!), await at(low!)];
        const difference = cotangent.reduce((sum, weight, i) => sum + weight * (above[i]! - below[i]!), 0);
        return difference / (high!.data[element]! - low!.data[element]!);
      };
      expected.push((4 * (await slope(STEP / 2)) - (await slope(STEP))) / 3);
    }
    if (found.length !== expected.length) throw new Error(`${found.length} gradients for ${expected.length} values`);
    const largest = Math.max(...expected.map(Math.abs), 1e-3);
    deviations.push(Math.max(...expected.map((value, i) => Math.abs(value - found[i]!))) / largest);
  }
  await forward.dispose();
  return deviations;
}
