import { gradientRules, type RuleContext } from './gradient-rules.ts';
import type { Kind, Node, Value } from './graph.ts';
import { add } from './ops.ts';
import { formatShape, sameShape } from './shape.ts';

/**
 * Appends the backward pass of `loss` (a scalar) to its graph and returns ∂loss/∂x for each x of `wrt`, of x's shape, in
 * the same order. Only what lies between `wrt` and the loss is differentiated, so frozen blocks cost nothing. Throws for an x on which the loss does not depend.
 */
export function gradients(loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.shape.length > 0) throw new Error(`gradients: the loss is a scalar, not ${formatShape(loss.shape)}`);
  const { graph } = loss;
  const forward = [...graph.nodes];
  const targets = new Set(wrt.map((value) => value.id));

  // Values whose gradient is wanted or passes through.
  const active = new Set(targets);
  for (const node of forward) {
    if (node.inputs.some((input) => active.has(input.id))) for (const output of node.outputs) active.add(output.id);
  }

  const gradientOf = new Map<number, Value>();
  const accumulate = (value: Value, gradient: Value): void => {
    if (!sameShape(value.shape, gradient.shape)) {
      throw new Error(`gradient of ${formatShape(value.shape)} came out as ${formatShape(gradient.shape)}`);
    }
    const sum = gradientOf.get(value.id);
    gradientOf.set(value.id, sum === undefined ? gradient : add(sum, gradient));
  };

  gradientOf.set(loss.id, graph.scalar(1));
  for (const node of forward.reverse()) {
    const g = gradientOf.get(node.outputs[0]!.id);
    if (g === undefined || !node.inputs.some((input) => active.has(input.id))) continue;
    const results = applyRule(node, g, (i) => active.has(node.inputs[i]!.id));
    results.forEach((gradient, i) => {
      const input = node.inputs[i]!;
      // Integers have no gradient: no rule gives one.
      if (gradient !== null && active.has(input.id)) accumulate(input as Value, gradient);
    });
  }

  return wrt.map((value) => {
    const gradient = gradientOf.get(value.id);
    if (gradient !== undefined) return gradient;
    const name = graph.inputs.find((input) => input.value === value)?.name ?? `value ${value.id}`;
    throw new Error(`gradients: the loss does not depend on ${name}`);
  });
}

function applyRule<K extends Kind>(node: Node<K>, g: Value, needs: (i: number) => boolean): (Value | null)[] {
  const inputs = node.inputs as readonly Value[];
  const context: RuleContext<K> = { inputs, outputs: node.outputs, attrs: node.attrs, needs };
  return gradientRules[node.kind](context, g);
}
