import type { AnyValue, Kind, Node, Value } from './graph.ts';
import { bindShape, sizeOf, type Binding } from './shape.ts';

/** Primitives that stand in encoders alone; what is evaluated here, losses of outputs, has none of them. */
type EncoderKind = 'erf' | 'gelu' | 'layerNorm';

/** A bound tensor: its sizes, and its elements in row-major order. */
interface Tensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

type Evaluate<K extends Kind> = (node: Node<K>, inputs: readonly Tensor[], shape: readonly number[]) => Float64Array;

/** y = f(x), element by element. */
function unary(f: (x: number) => number): Evaluate<Kind> {
  return (_, [x], shape) => fill(shape, (i) => f(x!.data[i]!));
}

/** y = f(a, b), element by element, operands broadcast by NumPy's rules. */
function binary(f: (a: number, b: number) => number): Evaluate<Kind> {
  return (_, [a, b], shape) => {
    const [offsetA, offsetB] = [offsets(a!.shape, shape), offsets(b!.shape, shape)];
    return fill(shape, (i) => f(a!.data[offsetA(i)]!, b!.data[offsetB(i)]!));
  };
}

/** A tensor by the place of each element. */
function fill(shape: readonly number[], element: (i: number) => number): Float64Array {
  const y = new Float64Array(sizeOf(shape));
  for (let i = 0; i < y.length; i++) y[i] = element(i);
  return y;
}

/** y = f(row), for each row along the last axis. */
function byRow(f: (row: Float64Array) => Float64Array): Evaluate<Kind> {
  return (_, [x]) => {
    const size = x!.shape.at(-1) ?? 1;
    const y = Float64Array.from(x!.data);
    for (let start = 0; start < y.length; start += size) y.set(f(y.subarray(start, start + size)), start);
    return y;
  };
}

const evaluators: { readonly [K in Exclude<Kind, EncoderKind>]: Evaluate<K> } = {
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  neg: unary((x) => -x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  // ln(1 + eˣ), written so that it does not overflow
  softplus: unary((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  relu: unary((x) => Math.max(x, 0)),
  sign: unary(Math.sign),
  softmax: byRow((row) => {
    const { highest, sum } = expSum(row);
    return row.map((x) => Math.exp(x - highest) / sum);
  }),
  logSoftmax: byRow((row) => {
    const { highest, sum } = expSum(row);
    const logSum = highest + Math.log(sum);
    return row.map((x) => x - logSum);
  }),
  gemm: ({ attrs: { transA, transB, alpha } }, [a, b, bias], [m, n]) => {
    const k = a!.shape[transA ? 0 : 1]!;
    // Steps from row to row of the result, and along the axis that is summed over.
    const [rowA, stepA] = transA ? [1, a!.shape[1]!] : [k, 1];
    const [columnB, stepB] = transB ? [k, 1] : [1, b!.shape[1]!];
    const y = new Float64Array(m! * n!);
    for (let i = 0; i < m!; i++) {
      for (let j = 0; j < n!; j++) {
        let sum = 0;
        for (let l = 0; l < k; l++) sum += a!.data[i * rowA + l * stepA]! * b!.data[j * columnB + l * stepB]!;
        y[i * n! + j] = alpha * (sum + (bias?.data[j] ?? 0));
      }
    }
    return y;
  },
  matmul: (_, [a, b], shape) => {
    const [m, n, k] = [shape.at(-2)!, shape.at(-1)!, a!.shape.at(-1)!];
    return fill(shape, (index) => {
      const [i, j, lead] = [Math.floor(index / n) % m, index % n, Math.floor(index / (m * n))];
      let sum = 0;
      for (let l = 0; l < k; l++) sum += a!.data[(lead * m + i) * k + l]! * b!.data[(lead * k + l) * n + j]!;
      return sum;
    });
  },
  transpose: ({ attrs: { perm } }, [x], shape) => {
    const strides = stridesOf(x!.shape);
    return fill(shape, (index) => {
      let [from, rest] = [0, index];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        from += (rest % shape[axis]!) * strides[perm[axis]!]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      return x!.data[from]!;
    });
  },
  reshape: (_, [x]) => Float64Array.from(x!.data),
  expand: (_, [x], shape) => {
    const offset = offsets(x!.shape, shape);
    return fill(shape, (i) => x!.data[offset(i)]!);
  },
  gather: (_, [table, ids], shape) => {
    const width = sizeOf(shape.slice(1));
    return fill(shape, (i) => table!.data[ids!.data[Math.floor(i / width)]! * width + (i % width)]!);
  },
  reduceSum: ({ attrs: { axes } }, [x]) => {
    const kept = x!.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const offset = offsets(kept, x!.shape);
    const sums = new Float64Array(sizeOf(kept));
    for (let i = 0; i < x!.data.length; i++) sums[offset(i)]! += x!.data[i]!;
    return sums;
  },
};

/**
 * The elements of a value of a graph, computed in float64 from those of the inputs that it needs: the same definition that a device trains by,
 * without one. For what follows from outputs; encoders are not evaluated here.
 */
export function evaluate(
  value: Value,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
  binding: Binding,
): Float64Array {
  const { graph } = value;
  const names = new Map(graph.inputs.map((input) => [input.value.id, input.name]));
  const known = new Map<number, Tensor>();

  function tensorOf(wanted: AnyValue): Tensor {
    const found = known.get(wanted.id);
    if (found !== undefined) return found;
    const shape = bindShape(wanted.shape, binding);
    const data =
      wanted.node === null ? leaf(wanted) : evaluateNode(wanted.node, wanted.node.inputs.map(tensorOf), shape);
    if (data.length !== sizeOf(shape)) {
      throw new Error(
        `${names.get(wanted.id) ?? 'a value'} has ${data.length} elements, its shape is [${shape.join(', ')}]`,
      );
    }
    const tensor = { shape, data };
    known.set(wanted.id, tensor);
    return tensor;
  }

  function leaf({ id }: AnyValue): ArrayLike<number> {
    const constant = graph.constants.get(id);
    if (constant !== undefined) return [constant];
    const name = names.get(id)!;
    const data = feeds[name];
    if (data === undefined) throw new Error(`no feed for input "${name}"`);
    return data;
  }

  return Float64Array.from(tensorOf(value).data);
}

function evaluateNode(node: Node, inputs: readonly Tensor[], shape: readonly number[]): Float64Array {
  const evaluator = (evaluators as Partial<Record<Kind, Evaluate<Kind>>>)[node.kind];
  if (evaluator === undefined) throw new Error(`${node.kind} is a primitive of encoders, which are run by an engine`);
  return evaluator(node, inputs, shape);
}

/** The largest element, and Σ e^(x − largest). */
function expSum(row: Float64Array): { readonly highest: number; readonly sum: number } {
  const highest = row.reduce((most, x) => Math.max(most, x), -Infinity);
  return { highest, sum: row.reduce((total, x) => total + Math.exp(x - highest), 0) };
}

function stridesOf(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
}

/** Place in a tensor of shape `from` of the i-th element of the shape `to` that it is broadcast to. */
function offsets(from: readonly number[], to: readonly number[]): (i: number) => number {
  if (from.length === to.length && from.every((size, axis) => size === to[axis])) return (i) => i;
  const strides = stridesOf(from);
  const extra = to.length - from.length;
  return (i) => {
    let [place, rest] = [0, i];
    for (let axis = to.length - 1; axis >= extra; axis--) {
      if (from[axis - extra] !== 1) place += (rest % to[axis]!) * strides[axis - extra]!;
      rest = Math.floor(rest / to[axis]!);
    }
    return place;
  };
}
