import { afterEach, describe, expect, it } from 'vitest';
import { gradientRules } from '../../../src/graph/gradient-rules.ts';
import type { Kind, Value } from '../../../src/graph/graph.ts';
import * as op from '../../../src/graph/ops.ts';
import { gradientDeviations } from './central-differences.ts';
import { primitiveCases, type PrimitiveCase } from './primitive-cases.ts';

/** Relative to the largest gradient of an input; float32 and the extrapolation stay at 1e-5. */
const TOLERANCE = 5e-5;

const kinds = Object.keys(primitiveCases) as Kind[];
const casesOf = (kind: Kind): readonly PrimitiveCase[] => primitiveCases[kind];

type AnyRule = (
  context: {
    readonly inputs: readonly Value[];
    readonly outputs: readonly Value[];
    readonly attrs: object;
    needs: (i: number) => boolean;
  },
  g: Value,
) => (Value | null)[];
const rules = gradientRules as unknown as Record<Kind, AnyRule>;
const originals = { ...rules };

afterEach(() => {
  Object.assign(rules, originals);
});

describe.each(kinds)('the gradient of %s equals central differences', (kind) => {
  it.each(casesOf(kind).map((example) => [example.name, example] as const))('%s', async (_, example) => {
    for (const deviation of await gradientDeviations(kind, example)) expect(deviation).toBeLessThan(TOLERANCE);
  });
});

/** Whether any case of the primitive leaves the tolerance, or fails outright. */
async function isNoticed(kind: Kind): Promise<boolean> {
  for (const example of casesOf(kind)) {
    try {
      if ((await gradientDeviations(kind, example)).some((deviation) => !(deviation < TOLERANCE))) return true;
    } catch {
      return true;
    }
  }
  return false;
}

describe('a rule that is wrong by 0.1 % is noticed', () => {
  const inputsOf = (kind: Kind): number[] =>
    casesOf(kind)
      .reduce(
        (most, example) => (example.inputs.length > most.length ? example.inputs : most),
        casesOf(kind)[0]!.inputs,
      )
      .map((_, i) => i);
  // sign has no gradient to scale and gather's is made on the host; both have their own tests.
  const rows = kinds
    .filter((kind) => kind !== 'sign' && kind !== 'gather')
    .flatMap((kind) => inputsOf(kind).map((input) => [kind, input] as const));
  it.each(rows)('%s, input %i', async (kind, input) => {
    rules[kind] = (context, g) =>
      originals[kind](context, g).map((gradient, i) =>
        gradient !== null && i === input ? op.mul(gradient, 1.001) : gradient,
      );
    expect(await isNoticed(kind)).toBe(true);
  });
});

describe('a likely mistake is noticed', () => {
  const mistakes: readonly (readonly [string, Kind, AnyRule])[] = [
    ['sign passes the gradient on', 'sign', (_, g) => [g]],
    ['sub forgets its sign', 'sub', (context, g) => originals.add(context, g)],
    [
      'div forgets the square',
      'div',
      ({ inputs: [a, b] }, g) => [
        op.sumTo(op.div(g, b!), a!.shape),
        op.neg(op.sumTo(op.div(op.mul(g, a!), b!), b!.shape)),
      ],
    ],
    ['relu lets everything through', 'relu', (_, g) => [g]],
    [
      'gelu is the tanh approximation',
      'gelu',
      ({ inputs: [x] }, g) => {
        const cubed = op.mul(op.mul(x!, x!), x!);
        const t = op.tanh(op.mul(op.add(x!, op.mul(cubed, 0.044715)), Math.sqrt(2 / Math.PI)));
        const slope = op.mul(op.add(op.mul(op.mul(x!, x!), 3 * 0.044715), 1), Math.sqrt(2 / Math.PI));
        const inner = op.mul(op.mul(op.sub(1, op.mul(t, t)), slope), op.mul(x!, 0.5));
        return [op.mul(g, op.add(op.mul(op.add(t, 1), 0.5), inner))];
      },
    ],
    ['softmax forgets the other classes', 'softmax', ({ outputs: [y] }, g) => [op.mul(op.mul(g, y!), op.sub(1, y!))]],
    ['logSoftmax forgets the sum', 'logSoftmax', (_, g) => [g]],
    [
      'layerNorm takes mean and variance as constants',
      'layerNorm',
      (context, g) => {
        const [, ...rest] = originals.layerNorm(context, g);
        return [op.mul(op.mul(g, context.inputs[1]!), context.outputs[2]!), ...rest];
      },
    ],
    [
      'gemm forgets alpha on the bias',
      'gemm',
      (context, g) => {
        const [a, b, c] = originals.gemm(context, g);
        return c == null ? [a!, b!] : [a!, b!, op.reduceSum(g, [0])];
      },
    ],
    [
      'transpose repeats the permutation',
      'transpose',
      ({ attrs }, g) => [op.transpose(g, (attrs as { perm: number[] }).perm)],
    ],
    [
      'expand keeps one copy',
      'expand',
      ({ inputs: [x] }, g) => [
        op.mul(originals.expand({ inputs: [x!], outputs: [], attrs: {}, needs: () => true }, g)[0]!, 0.5),
      ],
    ],
  ];
  it.each(mistakes)('%s', async (_, kind, rule) => {
    rules[kind] = rule;
    expect(await isNoticed(kind)).toBe(true);
  });
});

it('gather refuses a gradient of its table in the graph', () => {
  expect(() =>
    gradientRules.gather({ inputs: [], outputs: [], attrs: {}, needs: () => true }, undefined as never),
  ).toThrow(/on the host/);
});
