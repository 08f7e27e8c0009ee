import type { Graph, Value } from '../graph/graph.ts';
import type { LabelledBatch, LossFor, LossInput, OutputsOf } from '../losses/loss.ts';
import { LOSSES, type LossName } from '../losses/losses.ts';
import type { ModelType } from '../vocabulary/model-type.ts';

/** Declares the inputs of a loss on the graph and gives the loss of the outputs, a scalar. */
export function buildLoss<T extends ModelType>(graph: Graph, loss: LossFor<T>, outputs: OutputsOf[T]): Value {
  const inputs = new Map(
    Object.entries(loss.inputs).map(([name, { shape }]) => [name, graph.input(name, shape(outputs))]),
  );
  return loss.graph(outputs, (name) => {
    const input = inputs.get(name);
    if (input === undefined) throw new Error(`the loss has no input ${name}`);
    return input;
  });
}

/** Data of a loss's inputs for a batch, by input, row-major. */
export function lossInputs(name: LossName, batch: LabelledBatch): Readonly<Record<string, readonly number[]>> {
  const inputs: Readonly<Record<string, Pick<LossInput<never>, 'data'>>> = LOSSES[name].inputs;
  return Object.fromEntries(Object.entries(inputs).map(([input, { data }]) => [input, data(batch)]));
}
