import type { AnyValue, Kind, PrimitiveAttrs, Value } from './graph.ts';
import { broadcastAxes, broadcastShapes, formatShape, sameShape, type Dim, type Shape } from './shape.ts';

/**
 * The functions that build graphs: each infers the shape of its result and appends a node. Operands of another shape
 * broadcast by NumPy's rules where two tensors meet element by element; wrong shapes throw at once, with both shapes.
 */

function apply<K extends Kind>(kind: K, inputs: readonly AnyValue[], attrs: PrimitiveAttrs[K], shape: Shape): Value {
  return inputs[0]!.graph.append(kind, inputs, attrs, [shape])[0]!;
}

/** A tensor or a number that stands for a scalar constant. */
export type Operand = Value | number;

function pair(a: Operand, b: Operand): [Value, Value] {
  if (typeof a === 'number') {
    if (typeof b === 'number') throw new Error('two constants: compute them outside the graph');
    return [b.graph.scalar(a), b];
  }
  return [a, typeof b === 'number' ? a.graph.scalar(b) : b];
}

function binary(kind: 'add' | 'sub' | 'mul' | 'div', left: Operand, right: Operand): Value {
  const [a, b] = pair(left, right);
  return apply(kind, [a, b], {}, broadcastShapes(a.shape, b.shape));
}

export const add = (a: Operand, b: Operand): Value => binary('add', a, b);
export const sub = (a: Operand, b: Operand): Value => binary('sub', a, b);
export const mul = (a: Operand, b: Operand): Value => binary('mul', a, b);
export const div = (a: Operand, b: Operand): Value => binary('div', a, b);

export const neg = (x: Value): Value => apply('neg', [x], {}, x.shape);
export const exp = (x: Value): Value => apply('exp', [x], {}, x.shape);
export const log = (x: Value): Value => apply('log', [x], {}, x.shape);
export const sqrt = (x: Value): Value => apply('sqrt', [x], {}, x.shape);
export const tanh = (x: Value): Value => apply('tanh', [x], {}, x.shape);
export const erf = (x: Value): Value => apply('erf', [x], {}, x.shape);
export const sigmoid = (x: Value): Value => apply('sigmoid', [x], {}, x.shape);
/** log(1 + exp(x)), without overflow. */
export const softplus = (x: Value): Value => apply('softplus', [x], {}, x.shape);
export const relu = (x: Value): Value => apply('relu', [x], {}, x.shape);
/** −1, 0 or 1. */
export const sign = (x: Value): Value => apply('sign', [x], {}, x.shape);
/** x · Φ(x) with the exact normal distribution function (Hendrycks & Gimpel 2016), not its tanh approximation. */
export const gelu = (x: Value): Value => apply('gelu', [x], {}, x.shape);
/** Over the last axis. */
export const softmax = (x: Value): Value => apply('softmax', [x], {}, x.shape);
/** Over the last axis. */
export const logSoftmax = (x: Value): Value => apply('logSoftmax', [x], {}, x.shape);

/** Layer normalisation over the last axis (Ba et al. 2016): x `[…, hidden]`, gamma and beta `[hidden]`. */
export function layerNorm(x: Value, gamma: Value, beta: Value, epsilon: number): Value {
  const hidden = x.shape.at(-1)!;
  if (!sameShape(gamma.shape, [hidden]) || !sameShape(beta.shape, [hidden])) {
    throw new Error(
      `layerNorm: ${formatShape(x.shape)} with gamma ${formatShape(gamma.shape)}, beta ${formatShape(beta.shape)}`,
    );
  }
  const statistics = [...x.shape.slice(0, -1), 1];
  return x.graph.append('layerNorm', [x, gamma, beta], { epsilon }, [x.shape, statistics, statistics])[0]!;
}

/** alpha · (op(a)·op(b) + bias) for matrices; `bias` is a row `[n]`. */
export function gemm(
  a: Value,
  b: Value,
  options: { transA?: boolean; transB?: boolean; alpha?: number; bias?: Value } = {},
): Value {
  const { transA = false, transB = false, alpha = 1, bias } = options;
  const [m, k] = matrix(a, transA);
  const [k2, n] = matrix(b, transB);
  if (k !== k2 || (bias !== undefined && !sameShape(bias.shape, [n]))) {
    throw new Error(
      `gemm: ${formatShape(a.shape)}${transA ? 'ᵀ' : ''} · ${formatShape(b.shape)}${transB ? 'ᵀ' : ''}` +
        (bias === undefined ? '' : ` + ${formatShape(bias.shape)}`),
    );
  }
  return apply('gemm', bias === undefined ? [a, b] : [a, b, bias], { transA, transB, alpha }, [m, n]);
}

function matrix(x: Value, isTransposed: boolean): [Dim, Dim] {
  if (x.shape.length !== 2) throw new Error(`gemm: ${formatShape(x.shape)} is no matrix`);
  const [rows, columns] = x.shape as [Dim, Dim];
  return isTransposed ? [columns, rows] : [rows, columns];
}

/** Batched product `[…, m, k] · […, k, n]`; the leading axes are equal. */
export function matmul(a: Value, b: Value): Value {
  const lead = a.shape.slice(0, -2);
  const [m, k] = a.shape.slice(-2);
  const [k2, n] = b.shape.slice(-2);
  if (m === undefined || n === undefined || k !== k2 || !sameShape(lead, b.shape.slice(0, -2))) {
    throw new Error(`matmul: ${formatShape(a.shape)} · ${formatShape(b.shape)}`);
  }
  return apply('matmul', [a, b], {}, [...lead, m, n]);
}

/** Axis i of the result is axis perm[i] of x. */
export function transpose(x: Value, perm: readonly number[]): Value {
  const axes = [...perm].sort((a, b) => a - b);
  if (axes.length !== x.shape.length || axes.some((axis, i) => axis !== i)) {
    throw new Error(`transpose: ${formatShape(x.shape)} by (${perm.join(', ')})`);
  }
  return apply(
    'transpose',
    [x],
    { perm },
    perm.map((axis) => x.shape[axis]!),
  );
}

/** The same elements in another shape. The caller answers for equal sizes where symbols hide them. */
export function reshape(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : apply('reshape', [x], { shape }, shape);
}

/** Repeats x along its axes of size 1 and along new leading axes. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x;
  if (!sameShape(broadcastShapes(x.shape, shape), shape)) {
    throw new Error(`expand: ${formatShape(x.shape)} to ${formatShape(shape)}`);
  }
  return apply('expand', [x], { shape }, shape);
}

/** Sum over the axes (all by default, none for `[]`). */
export function reduceSum(x: Value, axes: readonly number[] = x.shape.map((_, i) => i), keepDims = false): Value {
  // ONNX takes an empty list of axes for all of them.
  if (axes.length === 0) return x;
  const summed = axes.map((axis) => (axis < 0 ? axis + x.shape.length : axis));
  const shape = x.shape.flatMap((dim, i): Dim[] => (!summed.includes(i) ? [dim] : keepDims ? [1] : []));
  return apply('reduceSum', [x], { axes: summed, keepDims }, shape);
}

/** Sums x over the axes along which `shape` was broadcast to reach x's shape. */
export function sumTo(x: Value, shape: Shape): Value {
  const axes = broadcastAxes(x.shape, shape);
  return axes.length === 0 ? x : reshape(reduceSum(x, axes, true), shape);
}

/** Rows of `table` `[n, hidden]` by `ids` `[rows]`, int64. Not differentiable in the graph: see gradient-rules.ts. */
export function gather(table: Value, ids: Value<'int64'>): Value {
  if (ids.shape.length !== 1) throw new Error(`gather: ids are [rows], not ${formatShape(ids.shape)}`);
  return apply('gather', [table, ids], {}, [ids.shape[0]!, ...table.shape.slice(1)]);
}
