import { addRows } from '../../../src/engine/onnx/feeds.ts';
import type { Kind, Value } from '../../../src/graph/graph.ts';
import * as op from '../../../src/graph/ops.ts';
import type { Binding, Shape } from '../../../src/graph/shape.ts';
import { at, generate, type Tensor } from './tensors.ts';

/** A float input with values spread over a range, or fixed int64 ids. */
export type InputCase =
  | { readonly shape: Shape; readonly from: number; readonly to: number; readonly isSigned: boolean }
  | { readonly shape: Shape; readonly ids: readonly number[] };

/** One use of a primitive, with its formula in float64. */
export interface PrimitiveCase {
  readonly name: string;
  readonly inputs: readonly InputCase[];
  readonly binding: Binding;
  readonly build: (...inputs: readonly Value[]) => Value;
  readonly expected: (...inputs: readonly Tensor[]) => Tensor;
  /** For a primitive whose gradient ends at its output: the gradient of input 0 from that of the output. */
  readonly onHost?: (gradient: Float32Array, ...inputs: readonly Tensor[]) => Float32Array;
}

const BINDING = { batch: 2, tokens: 3, rows: 6 };

/** Values between −2 and 2. */
const float = (...shape: Shape): InputCase => ({ shape, from: 0, to: 2, isSigned: true });
/** Values of both signs that keep away from 0, where a function has a kink or a pole. */
const nonZero = (...shape: Shape): InputCase => ({ shape, from: 0.7, to: 2, isSigned: true });
const positive = (...shape: Shape): InputCase => ({ shape, from: 0.7, to: 2, isSigned: false });

function elementwise(
  apply: (x: Value) => Value,
  f: (x: number) => number,
  input: (...shape: Shape) => InputCase = float,
): PrimitiveCase[] {
  return [[], [5], [2, 3], ['batch', 'tokens', 2]].map((shape) => ({
    name: `[${shape.join(', ')}]`,
    inputs: [input(...shape)],
    binding: BINDING,
    build: (x) => apply(x),
    expected: (x) => ({ shape: x.shape, data: x.data.map(f) }),
  }));
}

const BROADCASTS: readonly (readonly [Shape, Shape, readonly number[]])[] = [
  [[], [], []],
  [
    [2, 3],
    [2, 3],
    [2, 3],
  ],
  [[2, 3], [3], [2, 3]],
  [[3], [2, 3], [2, 3]],
  [[2, 3], [], [2, 3]],
  [[], [2, 3], [2, 3]],
  [
    [2, 1, 3],
    [4, 1],
    [2, 4, 3],
  ],
  [
    [2, 2, 3],
    [2, 1, 3],
    [2, 2, 3],
  ],
  [
    [2, 1],
    [1, 3],
    [2, 3],
  ],
  [['batch', 'tokens'], ['tokens'], [2, 3]],
  [
    ['batch', 1, 'tokens'],
    ['batch', 2, 'tokens'],
    [2, 2, 3],
  ],
];

function binary(
  apply: (a: Value, b: Value) => Value,
  f: (a: number, b: number) => number,
  second: (...shape: Shape) => InputCase = float,
): PrimitiveCase[] {
  return BROADCASTS.map(([a, b, shape]) => ({
    name: `[${a.join(', ')}] with [${b.join(', ')}]`,
    inputs: [float(...a), second(...b)],
    binding: BINDING,
    build: (x, y) => apply(x, y),
    expected: (x, y) => generate(shape, (index) => f(at(x, index), at(y, index))),
  }));
}

/** The last axis as rows of numbers, each mapped to a row. */
function byRows(
  apply: (x: Value) => Value,
  f: (row: readonly number[]) => readonly number[],
  shapes: readonly Shape[] = [[4], [2, 5], ['batch', 2, 'tokens'], [3, 1]],
): PrimitiveCase[] {
  return shapes.map((shape) => ({
    name: `[${shape.join(', ')}]`,
    inputs: [float(...shape)],
    binding: BINDING,
    build: (x) => apply(x),
    expected: (x) => ({ shape: x.shape, data: rowsOf(x).flatMap(f) }),
  }));
}

function rowsOf({ shape, data }: Tensor): number[][] {
  const size = shape.at(-1)!;
  return Array.from({ length: data.length / size }, (_, i) => data.slice(i * size, (i + 1) * size));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const softmaxOf = (row: readonly number[]): number[] => {
  const total = sum(row.map(Math.exp));
  return row.map((value) => Math.exp(value) / total);
};

/** The Maclaurin series of erf, exact in float64 for |x| ≤ 3. */
export function erfOf(x: number): number {
  let term = x;
  let total = x;
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

function layerNormCase(shape: Shape, hidden: number, epsilon: number): PrimitiveCase {
  return {
    name: `[${[...shape, hidden].join(', ')}], epsilon ${epsilon}`,
    inputs: [float(...shape, hidden), float(hidden), float(hidden)],
    binding: BINDING,
    build: (x, gamma, beta) => op.layerNorm(x, gamma, beta, epsilon),
    expected: (x, gamma, beta) => ({
      shape: x.shape,
      data: rowsOf(x).flatMap((row) => {
        const mean = sum(row) / hidden;
        const deviation = Math.sqrt(sum(row.map((value) => (value - mean) ** 2)) / hidden + epsilon);
        return row.map((value, i) => ((value - mean) / deviation) * gamma.data[i]! + beta.data[i]!);
      }),
    }),
  };
}

function gemmCase(
  transA: boolean,
  transB: boolean,
  alpha: number,
  hasBias: boolean,
  m: number | 'rows',
): PrimitiveCase {
  const [k, n] = [3, 2];
  const a: Shape = transA ? [k, m] : [m, k];
  const b: Shape = transB ? [n, k] : [k, n];
  return {
    name: `${transA ? 'Aᵀ' : 'A'}·${transB ? 'Bᵀ' : 'B'}${hasBias ? ' + c' : ''}, alpha ${alpha}, ${m} rows`,
    inputs: [float(...a), float(...b), ...(hasBias ? [float(n)] : [])],
    binding: BINDING,
    build: (x, y, ...[bias]) => op.gemm(x, y, { transA, transB, alpha, ...(bias === undefined ? {} : { bias }) }),
    expected: (x, y, ...[bias]) =>
      generate([m === 'rows' ? BINDING.rows : m, n], ([i, j]) => {
        const terms = Array.from(
          { length: k },
          (_, l) => at(x, transA ? [l, i!] : [i!, l]) * at(y, transB ? [j!, l] : [l, j!]),
        );
        return alpha * (sum(terms) + (bias === undefined ? 0 : at(bias, [j!])));
      }),
  };
}

function matmulCase(lead: Shape, sizes: readonly number[], m: Shape[0], k: Shape[0], n: Shape[0]): PrimitiveCase {
  const size = (dim: Shape[0]): number => (typeof dim === 'number' ? dim : BINDING[dim as keyof typeof BINDING]);
  return {
    name: `[${[...lead, m, k].join(', ')}] · [${[...lead, k, n].join(', ')}]`,
    inputs: [float(...lead, m, k), float(...lead, k, n)],
    binding: BINDING,
    build: (a, b) => op.matmul(a, b),
    expected: (a, b) =>
      generate([...sizes, size(m), size(n)], (index) => {
        const [i, j] = index.slice(-2);
        const outer = index.slice(0, -2);
        return sum(Array.from({ length: size(k) }, (_, l) => at(a, [...outer, i!, l]) * at(b, [...outer, l, j!])));
      }),
  };
}

function transposeCase(shape: Shape, sizes: readonly number[], perm: readonly number[]): PrimitiveCase {
  return {
    name: `[${shape.join(', ')}] by (${perm.join(', ')})`,
    inputs: [float(...shape)],
    binding: BINDING,
    build: (x) => op.transpose(x, perm),
    expected: (x) =>
      generate(
        perm.map((axis) => sizes[axis]!),
        (index) =>
          at(
            x,
            sizes.map((_, axis) => index[perm.indexOf(axis)]!),
          ),
      ),
  };
}

function reshapeCase(from: Shape, to: Shape, sizes: readonly number[]): PrimitiveCase {
  return {
    name: `[${from.join(', ')}] to [${to.join(', ')}]`,
    inputs: [float(...from)],
    binding: BINDING,
    build: (x) => op.reshape(x, to),
    expected: (x) => ({ shape: sizes, data: x.data }),
  };
}

function expandCase(from: Shape, to: Shape, sizes: readonly number[]): PrimitiveCase {
  return {
    name: `[${from.join(', ')}] to [${to.join(', ')}]`,
    inputs: [float(...from)],
    binding: BINDING,
    build: (x) => op.expand(x, to),
    expected: (x) => generate(sizes, (index) => at(x, index)),
  };
}

function reduceSumCase(
  shape: Shape,
  sizes: readonly number[],
  axes: readonly number[],
  keepDims: boolean,
): PrimitiveCase {
  const summed = axes.map((axis) => (axis + sizes.length) % sizes.length);
  const kept = sizes.map((size, axis) => (summed.includes(axis) ? 1 : size));
  return {
    name: `[${shape.join(', ')}] over (${axes.join(', ')})${keepDims ? ', kept' : ''}`,
    inputs: [float(...shape)],
    binding: BINDING,
    build: (x) => op.reduceSum(x, axes, keepDims),
    expected: (x) => {
      const totals = new Float64Array(kept.reduce((product, size) => product * size, 1));
      x.data.forEach((value, flat) => {
        const index = generate(sizes, (i) =>
          i.reduce((total, v, axis) => total * kept[axis]! + Math.min(v, kept[axis]! - 1), 0),
        );
        totals[index.data[flat]!]! += value;
      });
      return {
        shape: keepDims ? kept : sizes.filter((_, axis) => !summed.includes(axis)),
        data: [...totals],
      };
    },
  };
}

function gatherCase(name: string, ids: readonly number[], hidden: number): PrimitiveCase {
  const rows = 4;
  return {
    name,
    inputs: [float(rows, hidden), { shape: [ids.length], ids }],
    binding: BINDING,
    build: (table, rowIds) => op.gather(table, rowIds as unknown as Value<'int64'>),
    expected: (table) => generate([ids.length, hidden], ([i, j]) => at(table, [ids[i!]!, j!])),
    onHost: (gradient) => {
      const word = new Float32Array(rows * hidden);
      const zeros = new Int32Array(ids.length);
      const isToken = new Uint8Array(ids.length).fill(1);
      const lookups = { ids: Int32Array.from(ids), positions: zeros, typeIds: zeros, isToken };
      addRows(gradient, lookups, 'ids', hidden, word);
      return word;
    },
  };
}

const booleans = [false, true];

/** Cases of every primitive: one without them does not compile. */
export const primitiveCases = {
  add: binary(op.add, (a, b) => a + b),
  sub: binary(op.sub, (a, b) => a - b),
  mul: binary(op.mul, (a, b) => a * b),
  div: binary(op.div, (a, b) => a / b, nonZero),
  neg: elementwise(op.neg, (x) => -x),
  exp: elementwise(op.exp, Math.exp),
  log: elementwise(op.log, Math.log, positive),
  sqrt: elementwise(op.sqrt, Math.sqrt, positive),
  tanh: elementwise(op.tanh, Math.tanh),
  erf: elementwise(op.erf, erfOf),
  sigmoid: elementwise(op.sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  softplus: elementwise(op.softplus, (x) => Math.log1p(Math.exp(x))),
  relu: elementwise(op.relu, (x) => Math.max(x, 0), nonZero),
  // sign is flat; as a factor of x it gives |x|, whose slope a wrong rule of sign would change.
  sign: elementwise((x) => op.mul(op.sign(x), x), Math.abs, nonZero),
  gelu: elementwise(op.gelu, (x) => (x * (1 + erfOf(x * Math.SQRT1_2))) / 2),
  softmax: byRows(op.softmax, softmaxOf),
  logSoftmax: byRows(op.logSoftmax, (row) => softmaxOf(row).map(Math.log)),
  layerNorm: [
    layerNormCase([], 5, 1e-5),
    layerNormCase([3], 4, 1e-12),
    layerNormCase(['batch', 'tokens'], 6, 1e-12),
    layerNormCase(['rows'], 4, 0.1),
  ],
  gemm: booleans.flatMap((transA) =>
    booleans.flatMap((transB) => [
      gemmCase(transA, transB, 1, false, 4),
      gemmCase(transA, transB, 1, true, 'rows'),
      gemmCase(transA, transB, -0.3, false, 'rows'),
      gemmCase(transA, transB, 1.7, true, 4),
      gemmCase(transA, transB, 1.7, true, 1),
    ]),
  ),
  matmul: [
    matmulCase([], [], 2, 3, 4),
    matmulCase([2], [2], 3, 2, 1),
    matmulCase(['batch', 2], [2, 2], 'tokens', 2, 'tokens'),
    matmulCase(['batch'], [2], 1, 'tokens', 4),
  ],
  transpose: [
    transposeCase([2, 3], [2, 3], [1, 0]),
    transposeCase([2, 3, 4], [2, 3, 4], [2, 0, 1]),
    transposeCase(['batch', 'tokens', 2, 4], [2, 3, 2, 4], [0, 2, 3, 1]),
    transposeCase(['batch', 'tokens', 2, 4], [2, 3, 2, 4], [0, 2, 1, 3]),
  ],
  reshape: [
    reshapeCase([2, 6], [3, 4], [3, 4]),
    reshapeCase(['rows', 4], ['batch', 'tokens', 2, 2], [2, 3, 2, 2]),
    reshapeCase(['batch', 'tokens', 2, 2], ['rows', 4], [6, 4]),
    reshapeCase([1, 1], [], []),
  ],
  expand: [
    expandCase([], [2, 3], [2, 3]),
    expandCase([3], [2, 3], [2, 3]),
    expandCase([2, 1], [2, 3], [2, 3]),
    expandCase(['batch', 1, 2], ['batch', 'tokens', 2], [2, 3, 2]),
  ],
  reduceSum: [
    reduceSumCase([2, 3], [2, 3], [0, 1], false),
    reduceSumCase([2, 3], [2, 3], [0], false),
    reduceSumCase([2, 3], [2, 3], [-1], true),
    reduceSumCase(['batch', 'tokens', 4], [2, 3, 4], [0, 1], false),
    reduceSumCase(['batch', 'tokens', 4], [2, 3, 4], [0, 2], true),
  ],
  gather: [gatherCase('distinct ids', [2, 0], 3), gatherCase('repeated ids', [1, 3, 1, 1, 0, 3], 2)],
} as const satisfies Record<Kind, readonly PrimitiveCase[]>;
