import { lowerGraph } from '../graph/lowering.ts';
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from '../graph/onnx.ts';
import type { Shape } from '../graph/shape.ts';
import type { ParameterSet } from './parameter-set.ts';
import { scoringGraph } from './graphs.ts';
import { PADDING_BIAS } from './parts/tower.ts';
import type { Ranker } from './rankers/ranker.ts';

/**
 * The ranker as an ordinary ONNX model with the inputs of the Hugging Face exporters, int64 `[batch, sequence]`:
 * `input_ids`, `attention_mask` and, for families with token types, `token_type_ids`. A cross-encoder gives `logits` `[batch, labels]`; a bi-encoder
 * `last_hidden_state` `[batch, sequence, hidden]` and `sentence_embedding` `[batch, hidden]`.
 */
export function exportOnnx(ranker: Ranker, parameters: ParameterSet): OnnxModel {
  const { graph, encoded, output } = scoringGraph(ranker);
  const { model, shapeInputs } = lowerGraph(graph, ranker.exportedOutputs(encoded, output), 'ranker');
  const used = new Set(model.inputs.map(({ name }) => name));
  const hasTypes = used.has('typeIds');
  const prologue = inputPrologue(ranker, hasTypes, shapeInputs);
  const weights = [...parameters]
    .filter(([name]) => used.has(name))
    .map(([name, { shape, data }]): OnnxTensor => ({ name, shape, data }));
  const sequence = (name: string): OnnxValueInfo => ({ name, type: 'int64', shape: ['batch', 'sequence'] });
  return {
    name: 'ranker',
    inputs: ['input_ids', 'attention_mask', ...(hasTypes ? ['token_type_ids'] : [])].map(sequence),
    outputs: model.outputs.map((output) => ({
      ...output,
      shape: output.shape.map((dim) => (dim === 'tokens' ? 'sequence' : dim)),
    })),
    nodes: [...prologue.nodes, ...model.nodes],
    initializers: [...prologue.initializers, ...model.initializers, ...weights],
  };
}

/** Nodes that compute what our engine feeds (positions, mask, pooling weights, shapes) from the exported inputs. */
function inputPrologue(
  { config, pooling }: Ranker,
  hasTypes: boolean,
  shapeInputs: readonly { readonly name: string; readonly shape: Shape }[],
): { nodes: OnnxNode[]; initializers: OnnxTensor[] } {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const emit = (
    op: string,
    inputs: readonly string[],
    output: string,
    attributes: OnnxNode['attributes'] = {},
  ): string => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const ints = (name: string, values: readonly number[], isScalar = false): string => {
    initializers.push({ name, shape: isScalar ? [] : [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  };
  const scalar = (name: string, value: number): string => {
    initializers.push({ name, shape: [], data: Float32Array.of(value) });
    return name;
  };
  const flat = ints('in.flat', [-1]);
  const sizes = emit('Shape', ['input_ids'], 'in.sizes');
  const batch = emit('Gather', [sizes, ints('in.axis0', [0])], 'in.batch');
  const tokens = emit('Gather', [sizes, ints('in.axis1', [1])], 'in.tokens');
  const rows = emit('Mul', [batch, tokens], 'in.rows');
  emit('Reshape', ['input_ids', flat], 'ids');
  if (hasTypes) emit('Reshape', ['token_type_ids', flat], 'typeIds');

  // Position of each token, the same in every row; the first one is not 0 in the RoBERTa family.
  const length = emit('Squeeze', [tokens, ints('in.first', [0])], 'in.length');
  const range = emit('Range', [ints('in.zero', [0], true), length, ints('in.one', [1], true)], 'in.range');
  const shifted = emit('Add', [range, ints('in.firstPosition', [config.firstPosition], true)], 'in.shifted');
  emit('Reshape', [emit('Expand', [shifted, sizes], 'in.grid'), flat], 'positions');

  // (mask − 1) · 1e9 is 0 for tokens and PADDING_BIAS for padding.
  const mask = emit('Cast', ['attention_mask'], 'in.mask', { to: 1 });
  const padding = emit(
    'Mul',
    [emit('Sub', [mask, scalar('in.1', 1)], 'in.minus'), scalar('in.bias', -PADDING_BIAS)],
    'in.padding',
  );
  emit('Unsqueeze', [padding, ints('in.axes', [1, 2])], 'maskBias');
  const middle = ints('in.middle', [1]);
  if (pooling === 'mean') {
    const counts = emit('ReduceSum', [mask, ints('in.last', [-1])], 'in.counts', { keepdims: 1 });
    emit('Unsqueeze', [emit('Div', [mask, counts], 'in.mean'), middle], 'poolWeights');
  } else {
    const isFirst = emit('Cast', [emit('Equal', [range, 'in.zero'], 'in.isFirst')], 'in.cls', { to: 1 });
    emit('Unsqueeze', [emit('Expand', [isFirst, sizes], 'in.clsGrid'), middle], 'poolWeights');
  }
  const sizeOf: Readonly<Record<string, string>> = { batch, tokens, rows };
  for (const { name, shape } of shapeInputs) {
    const parts = shape.map((dim, i) => (typeof dim === 'string' ? sizeOf[dim]! : ints(`${name}.${i}`, [dim])));
    emit('Concat', parts, name, { axis: 0 });
  }
  return { nodes, initializers };
}
