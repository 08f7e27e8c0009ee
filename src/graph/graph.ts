import type { DType } from './dtype.ts';
import type { Shape } from './shape.ts';

/** Attributes of each primitive; the keys are the complete list of primitives. */
export interface PrimitiveAttrs {
  add: object;
  sub: object;
  mul: object;
  div: object;
  neg: object;
  exp: object;
  log: object;
  sqrt: object;
  tanh: object;
  erf: object;
  sigmoid: object;
  softplus: object;
  relu: object;
  sign: object;
  gelu: object;
  /** Over the last axis. */
  softmax: object;
  /** Over the last axis. */
  logSoftmax: object;
  /** Over the last axis; outputs y, mean and 1/std. */
  layerNorm: { readonly epsilon: number };
  /** alpha · (A·B + c) on matrices, A and B transposed on request, c a row that is added to every row (optional input). */
  gemm: { readonly transA: boolean; readonly transB: boolean; readonly alpha: number };
  /** Product of the last two axes, batched over equal leading axes. */
  matmul: object;
  transpose: { readonly perm: readonly number[] };
  reshape: { readonly shape: Shape };
  expand: { readonly shape: Shape };
  reduceSum: { readonly axes: readonly number[]; readonly keepDims: boolean };
  /** Rows of a table `[n, …]` by int64 ids `[rows]`. */
  gather: object;
}

export type Kind = keyof PrimitiveAttrs;

/** Application of a primitive. */
export interface Node<K extends Kind = Kind> {
  readonly kind: K;
  readonly inputs: readonly AnyValue[];
  readonly attrs: PrimitiveAttrs[K];
  /** Filled by the graph right after creation. */
  readonly outputs: readonly Value[];
}

/** A tensor in a graph: an input, a constant, or an output of a node. Floats, unless its type says otherwise. */
export interface Value<D extends DType = 'float32'> {
  readonly graph: Graph;
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: D;
  /** The node that computes it; null for inputs and constants. */
  readonly node: Node | null;
}

/** A value of whatever type. */
export type AnyValue = Value<DType>;

/** A graph input, fed at every run: a parameter or a part of the batch. */
export interface GraphInput {
  readonly name: string;
  readonly value: AnyValue;
}

/**
 * A list of primitive applications in the order of creation, which is a topological order. Built by the functions of
 * ops.ts; turned around by backward.ts; written by onnx.ts.
 */
export class Graph {
  readonly nodes: Node[] = [];
  readonly inputs: GraphInput[] = [];
  /** Scalar float constants by value id. */
  readonly constants = new Map<number, number>();
  readonly #scalars = new Map<number, Value>();
  #nValues = 0;

  /** A new input. Throws on a name that is taken. */
  input(name: string, shape: Shape): Value;
  input<D extends DType>(name: string, shape: Shape, dtype: D): Value<D>;
  input(name: string, shape: Shape, dtype: DType = 'float32'): AnyValue {
    if (this.inputs.some((input) => input.name === name)) throw new Error(`input "${name}" exists already`);
    const value = this.#value(shape, dtype, null);
    this.inputs.push({ name, value });
    return value;
  }

  /** A float scalar; equal scalars share one value. */
  scalar(value: number): Value {
    const existing = this.#scalars.get(value);
    if (existing !== undefined) return existing;
    const created = this.#value([], 'float32', null);
    this.#scalars.set(value, created);
    this.constants.set(created.id, value);
    return created;
  }

  /** Appends a node whose outputs, floats, have the given shapes. Only ops.ts calls it, after inferring them. */
  append<K extends Kind>(
    kind: K,
    inputs: readonly AnyValue[],
    attrs: PrimitiveAttrs[K],
    shapes: readonly Shape[],
  ): Value[] {
    for (const input of inputs) if (input.graph !== this) throw new Error(`${kind}: an input belongs to another graph`);
    const outputs: Value[] = [];
    const node: Node<K> = { kind, inputs, attrs, outputs };
    for (const shape of shapes) outputs.push(this.#value(shape, 'float32', node));
    this.nodes.push(node);
    return outputs;
  }

  #value<D extends DType>(shape: Shape, dtype: D, node: Node | null): Value<D> {
    return { graph: this, id: this.#nValues++, shape, dtype, node };
  }
}
