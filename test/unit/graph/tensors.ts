import type { Feed } from '../../../src/engine/onnx/session.ts';
import { compile } from '../../../src/engine/onnx/session.ts';
import type { AnyValue, Graph } from '../../../src/graph/graph.ts';
import { sizeOf, type Binding } from '../../../src/graph/shape.ts';

/** A tensor in float64 for reference formulas, row-major. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The tensor whose element at each index is `f(index)`. */
export function generate(shape: readonly number[], f: (index: readonly number[]) => number): Tensor {
  const data = Array.from({ length: sizeOf(shape) }, (_, flat) => {
    const index: number[] = [];
    let rest = flat;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return f(index);
  });
  return { shape, data };
}

/** The element at an index that may belong to a shape to which x broadcasts. */
export function at(x: Tensor, index: readonly number[]): number {
  const extra = index.length - x.shape.length;
  const flat = x.shape.reduce((sum, size, axis) => sum * size + (size === 1 ? 0 : index[axis + extra]!), 0);
  return x.data[flat]!;
}

/** A seeded generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Runs the graph once on the cpu. */
export async function evaluate(
  graph: Graph,
  outputs: Readonly<Record<string, AnyValue>>,
  feeds: Readonly<Record<string, Feed>> = {},
  binding: Binding = {},
): Promise<Record<string, Float32Array>> {
  const executable = await compile(graph, outputs, { device: 'cpu', threads: 1 });
  const results = await executable.run(feeds, binding);
  await executable.dispose();
  return results as Record<string, Float32Array>;
}
