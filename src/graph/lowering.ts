import type { AnyValue, Graph, Kind, Node } from './graph.ts';
import type { OnnxAttribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValueInfo } from './onnx.ts';
import { nSymbols, type Shape } from './shape.ts';

/** A graph as an ONNX model, with the extra inputs that its symbolic shapes need. */
export interface Lowered {
  readonly model: OnnxModel;
  /** int64 inputs that hold a shape; feed each with `bindShape(shape, binding)`. */
  readonly shapeInputs: readonly { readonly name: string; readonly shape: Shape }[];
}

/** Where a lowering writes: nodes, constants and shape inputs of the ONNX model under construction. */
interface Target {
  readonly name: (value: AnyValue) => string;
  /** Whether anything reads the value: optional outputs that nobody reads are left out. */
  readonly isUsed: (value: AnyValue) => boolean;
  readonly emit: (
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes?: OnnxNode['attributes'],
  ) => void;
  /** Name of an int64 vector with fixed values. */
  readonly ints: (values: readonly number[]) => string;
  /** Name of an int64 vector with a shape's sizes: a constant, or a graph input where a symbol must be bound. */
  readonly shape: (shape: Shape, mayInferOne: boolean) => string;
}

type Lower<K extends Kind> = (node: Node<K>, target: Target) => void;

/** A primitive that is one ONNX operator with the same inputs and outputs. */
function operator(op: string, attributes?: Readonly<Record<string, OnnxAttribute>>): Lower<Kind> {
  return (node, { name, emit }) => emit(op, node.inputs.map(name), node.outputs.map(name), attributes);
}

const lowerings: { readonly [K in Kind]: Lower<K> } = {
  add: operator('Add'),
  sub: operator('Sub'),
  mul: operator('Mul'),
  div: operator('Div'),
  neg: operator('Neg'),
  exp: operator('Exp'),
  log: operator('Log'),
  sqrt: operator('Sqrt'),
  tanh: operator('Tanh'),
  erf: operator('Erf'),
  sigmoid: operator('Sigmoid'),
  softplus: operator('Softplus'),
  relu: operator('Relu'),
  sign: operator('Sign'),
  gelu: operator('Gelu'),
  softmax: operator('Softmax', { axis: -1 }),
  logSoftmax: operator('LogSoftmax', { axis: -1 }),
  layerNorm: (node, { name, emit, isUsed }) =>
    // Outputs go by position, so only those after the last one in use can be left out.
    emit(
      'LayerNormalization',
      node.inputs.map(name),
      node.outputs.slice(0, node.outputs.findLastIndex(isUsed) + 1).map(name),
      {
        axis: -1,
        epsilon: { float: node.attrs.epsilon },
      },
    ),
  gemm: (node, { name, emit }) =>
    emit('Gemm', node.inputs.map(name), node.outputs.map(name), {
      transA: Number(node.attrs.transA),
      transB: Number(node.attrs.transB),
      alpha: { float: node.attrs.alpha },
      beta: { float: node.attrs.alpha },
    }),
  matmul: operator('MatMul'),
  transpose: (node, { name, emit }) =>
    emit('Transpose', node.inputs.map(name), node.outputs.map(name), { perm: node.attrs.perm }),
  reshape: (node, { name, emit, shape }) =>
    emit('Reshape', [name(node.inputs[0]!), shape(node.attrs.shape, true)], node.outputs.map(name)),
  expand: (node, { name, emit, shape }) =>
    emit('Expand', [name(node.inputs[0]!), shape(node.attrs.shape, false)], node.outputs.map(name)),
  reduceSum: (node, { name, emit, ints }) =>
    emit('ReduceSum', [name(node.inputs[0]!), ints(node.attrs.axes)], node.outputs.map(name), {
      keepdims: Number(node.attrs.keepDims),
    }),
  gather: (node, { name, emit }) => emit('Gather', node.inputs.map(name), node.outputs.map(name), { axis: 0 }),
};

/**
 * The part of the graph that the outputs need, as an ONNX model. Inputs keep their names and are listed even where
 * unused inputs were pruned away; outputs get the names given. An output that is an input or a constant is passed on.
 */
export function lowerGraph(graph: Graph, outputs: Readonly<Record<string, AnyValue>>, name = 'graph'): Lowered {
  const needed = neededNodes(graph, Object.values(outputs));
  const nodes: OnnxNode[] = [];
  const initializers = new Map<string, OnnxTensor>();
  const shapeInputs = new Map<string, Shape>();
  const inputName = new Map(graph.inputs.map((input) => [input.value.id, input.name]));
  const used = new Set(Object.values(outputs).map((value) => value.id));
  for (const node of needed) for (const input of node.inputs) used.add(input.id);

  // A computed output carries its own name; a second name for it, and an input that is passed on, take an Identity.
  const outputName = new Map<number, string>();
  for (const [key, value] of Object.entries(outputs)) {
    if (value.node !== null && !outputName.has(value.id)) outputName.set(value.id, key);
  }

  const target: Target = {
    isUsed: (value) => used.has(value.id),
    name: (value) => {
      const constant = graph.constants.get(value.id);
      if (constant === undefined) return inputName.get(value.id) ?? outputName.get(value.id) ?? `v${value.id}`;
      const key = `c${value.id}`;
      initializers.set(key, { name: key, shape: [], data: Float32Array.of(constant) });
      return key;
    },
    emit: (op, inputs, results, attributes) =>
      nodes.push({ op, inputs, outputs: results, ...(attributes === undefined ? {} : { attributes }) }),
    ints: (values) => {
      const key = `ints:${values.join(',')}`;
      initializers.set(key, { name: key, shape: [values.length], data: BigInt64Array.from(values, BigInt) });
      return key;
    },
    shape: (shape, mayInferOne) => {
      const nUnknown = nSymbols(shape);
      if (nUnknown === 0 || (nUnknown === 1 && mayInferOne)) {
        return target.ints(shape.map((dim) => (typeof dim === 'number' ? dim : -1)));
      }
      const key = `shape:${shape.join(',')}`;
      shapeInputs.set(key, shape);
      return key;
    },
  };

  for (const node of needed) lowerNode(node, target);
  for (const [key, value] of Object.entries(outputs)) {
    if (outputName.get(value.id) !== key) target.emit('Identity', [target.name(value)], [key]);
  }

  const inputs: OnnxValueInfo[] = graph.inputs
    .filter((input) => used.has(input.value.id))
    .map((input) => ({ name: input.name, type: input.value.dtype, shape: input.value.shape }));
  for (const [key, shape] of shapeInputs) inputs.push({ name: key, type: 'int64', shape: [shape.length] });
  return {
    model: {
      name,
      nodes,
      inputs,
      outputs: Object.entries(outputs).map(([key, value]) => ({ name: key, type: value.dtype, shape: value.shape })),
      initializers: [...initializers.values()],
    },
    shapeInputs: [...shapeInputs].map(([key, shape]) => ({ name: key, shape })),
  };
}

function lowerNode<K extends Kind>(node: Node<K>, target: Target): void {
  (lowerings[node.kind] as Lower<K>)(node, target);
}

/** Nodes on which the outputs depend, in graph order. */
function neededNodes(graph: Graph, outputs: readonly AnyValue[]): Node[] {
  const wanted = new Set(outputs.map((value) => value.id));
  return graph.nodes
    .slice()
    .reverse()
    .filter((node) => {
      const isNeeded = node.outputs.some((output) => wanted.has(output.id));
      if (isNeeded) for (const input of node.inputs) wanted.add(input.id);
      return isNeeded;
    })
    .reverse();
}
