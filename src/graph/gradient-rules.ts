import type { Kind, PrimitiveAttrs, Value } from './graph.ts';
import * as op from './ops.ts';

/** What a rule sees of the node that it differentiates. */
export interface RuleContext<K extends Kind> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attrs: PrimitiveAttrs[K];
  /** Whether anybody wants the gradient of input i; rules may skip the others. */
  readonly needs: (i: number) => boolean;
}

/**
 * Gradient of the loss with respect to each input of a node, given the gradient `g` with respect to its first output
 * (∂L/∂y, of y's shape). Null where no gradient flows. Each result has its input's shape.
 */
type Rule<K extends Kind> = (context: RuleContext<K>, g: Value) => (Value | null)[];

/** y = f(x) with ∂L/∂x = rule(x, y, g). */
function unary(rule: (x: Value, y: Value, g: Value) => Value) {
  return ({ inputs, outputs }: { inputs: readonly Value[]; outputs: readonly Value[] }, g: Value) => [
    rule(inputs[0]!, outputs[0]!, g),
  ];
}

/** The rule of every primitive: a missing one does not compile. */
export const gradientRules: { readonly [K in Kind]: Rule<K> } = {
  // y = a + b: ∂a = g, ∂b = g, each summed over the axes along which the operand was broadcast.
  add: ({ inputs: [a, b], needs }, g) => [
    needs(0) ? op.sumTo(g, a!.shape) : null,
    needs(1) ? op.sumTo(g, b!.shape) : null,
  ],
  // y = a − b: ∂a = g, ∂b = −g
  sub: ({ inputs: [a, b], needs }, g) => [
    needs(0) ? op.sumTo(g, a!.shape) : null,
    needs(1) ? op.neg(op.sumTo(g, b!.shape)) : null,
  ],
  // y = a·b: ∂a = g·b, ∂b = g·a
  mul: ({ inputs: [a, b], needs }, g) => [
    needs(0) ? op.sumTo(op.mul(g, b!), a!.shape) : null,
    needs(1) ? op.sumTo(op.mul(g, a!), b!.shape) : null,
  ],
  // y = a/b: ∂a = g/b, ∂b = −g·y/b
  div: ({ inputs: [a, b], outputs: [y], needs }, g) => [
    needs(0) ? op.sumTo(op.div(g, b!), a!.shape) : null,
    needs(1) ? op.neg(op.sumTo(op.div(op.mul(g, y!), b!), b!.shape)) : null,
  ],
  neg: unary((_x, _y, g) => op.neg(g)),
  // y = eˣ: ∂x = g·y
  exp: unary((_x, y, g) => op.mul(g, y)),
  // y = ln x: ∂x = g/x
  log: unary((x, _y, g) => op.div(g, x)),
  // y = √x: ∂x = g/(2y)
  sqrt: unary((_x, y, g) => op.div(op.mul(g, 0.5), y)),
  // y = tanh x: ∂x = g·(1 − y²)
  tanh: unary((_x, y, g) => op.mul(g, op.sub(1, op.mul(y, y)))),
  // y = erf x: ∂x = g·2/√π·e^(−x²)
  erf: unary((x, _y, g) => op.mul(op.mul(g, 2 / Math.sqrt(Math.PI)), op.exp(op.neg(op.mul(x, x))))),
  // y = σ(x): ∂x = g·y·(1 − y)
  sigmoid: unary((_x, y, g) => op.mul(g, op.mul(y, op.sub(1, y)))),
  // y = ln(1 + eˣ): ∂x = g·σ(x)
  softplus: unary((x, _y, g) => op.mul(g, op.sigmoid(x))),
  // y = max(x, 0): ∂x = g where y > 0
  relu: unary((_x, y, g) => op.mul(g, op.sign(y))),
  // y = sign x is flat: no gradient
  sign: () => [null],
  // y = x·Φ(x): ∂x = g·(Φ(x) + x·φ(x)); with t = x/√2: Φ = (1 + erf t)/2 and φ = e^(−t²)/√(2π) = e^(−ln √(2π) − t²)
  gelu: unary((x, _y, g) => {
    const t = op.mul(x, Math.SQRT1_2);
    const cdf = op.add(op.mul(op.erf(t), 0.5), 0.5);
    const pdf = op.exp(op.sub(-0.5 * Math.log(2 * Math.PI), op.mul(t, t)));
    return op.mul(g, op.add(cdf, op.mul(x, pdf)));
  }),
  // y = softmax x: ∂x = y·(g − Σ g·y)
  softmax: unary((_x, y, g) => op.mul(y, op.sub(g, op.reduceSum(op.mul(g, y), [-1], true)))),
  // y = x − ln Σ eˣ: ∂x = g − eʸ·Σ g
  logSoftmax: unary((_x, y, g) => op.sub(g, op.mul(op.exp(y), op.reduceSum(g, [-1], true)))),
  // x̂ = (x − μ)/σ, y = γ·x̂ + β, n = hidden:
  // ∂β = Σ g, ∂γ = Σ g·x̂, ∂x = (ĝ − (Σ ĝ + x̂·Σ ĝ·x̂)/n)/σ with ĝ = g·γ and the sums over the last axis
  layerNorm: ({ inputs: [x, gamma], outputs: [, mean, invStd], needs }, g) => {
    const hidden = x!.shape.at(-1)!;
    if (typeof hidden !== 'number') throw new Error('layerNorm: the size of the last axis must be known');
    const xHat = op.mul(op.sub(x!, mean!), invStd!);
    const rows = x!.shape.slice(0, -1).map((_, i) => i);
    const dX = (): Value => {
      const gHat = op.mul(g, gamma!);
      const meanG = op.mul(op.reduceSum(gHat, [-1], true), 1 / hidden);
      const meanGX = op.mul(op.reduceSum(op.mul(gHat, xHat), [-1], true), 1 / hidden);
      return op.mul(op.sub(op.sub(gHat, meanG), op.mul(xHat, meanGX)), invStd!);
    };
    return [
      needs(0) ? dX() : null,
      needs(1) ? op.reduceSum(op.mul(g, xHat), rows) : null,
      needs(2) ? op.reduceSum(g, rows) : null,
    ];
  },
  // y = α(A·B + c): ∂A = α·g·Bᵀ, ∂B = α·Aᵀ·g, ∂c = α·Σ_rows g; a transposed operand takes the transposed product
  gemm: ({ inputs: [a, b, c], attrs: { transA, transB, alpha }, needs }, g) => [
    needs(0)
      ? transA
        ? op.gemm(b!, g, { transA: transB, transB: true, alpha })
        : op.gemm(g, b!, { transB: !transB, alpha })
      : null,
    needs(1)
      ? transB
        ? op.gemm(g, a!, { transA: true, transB: transA, alpha })
        : op.gemm(a!, g, { transA: !transA, alpha })
      : null,
    ...(c === undefined ? [] : [needs(2) ? scaled(op.reduceSum(g, [0]), alpha) : null]),
  ],
  // y = A·B: ∂A = g·Bᵀ, ∂B = Aᵀ·g
  matmul: ({ inputs: [a, b], needs }, g) => [
    needs(0) ? op.matmul(g, transposeLast(b!)) : null,
    needs(1) ? op.matmul(transposeLast(a!), g) : null,
  ],
  transpose: ({ attrs: { perm } }, g) => [
    op.transpose(
      g,
      perm.map((_, i) => perm.indexOf(i)),
    ),
  ],
  reshape: unary((x, _y, g) => op.reshape(g, x.shape)),
  expand: unary((x, _y, g) => op.sumTo(g, x.shape)),
  // y = Σ x: ∂x = g, repeated along the summed axes
  reduceSum: ({ inputs: [x], attrs: { axes } }, g) => {
    const kept = x!.shape.map((dim, i) => (axes.includes(i) ? 1 : dim));
    return [op.expand(op.reshape(g, kept), x!.shape)];
  },
  // ∂table adds rows with repeated ids, which onnxruntime's cpu kernel does with a data race (ARCHITECTURE.md): the
  // graph ends at the gathered rows and the host adds them up.
  gather: () => {
    throw new Error('gather: ask for the gradient of the gathered rows, and add them to the table on the host');
  },
};

const scaled = (x: Value, factor: number): Value => (factor === 1 ? x : op.mul(x, factor));

function transposeLast(x: Value): Value {
  const axes = x.shape.map((_, i) => i);
  return op.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
