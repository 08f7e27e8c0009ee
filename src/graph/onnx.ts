import { DTYPES, type DType } from './dtype.ts';
import { ProtoWriter } from './protobuf.ts';
import type { Shape } from './shape.ts';

/**
 * The part of the ONNX file format (onnx.proto3, IR version 9, operator set 20) that we write. A model here is plain
 * data; `encodeOnnx` turns it into the bytes that onnxruntime loads.
 */
export interface OnnxModel {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly initializers: readonly OnnxTensor[];
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Integers, integer lists, and floats marked as such: ONNX types its attributes. */
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

export type OnnxAttribute = number | readonly number[] | { readonly float: number };

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: DType;
  readonly shape: Shape;
}

/** A constant: float32, or int64 as plain integers. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

const IR_VERSION = 9;
const OPSET = 20;
/** `TensorProto.DataLocation`. */
const EXTERNAL = 1;
const ATTRIBUTE_TYPE = { float: 1, int: 2, ints: 7 } as const;

/** Where a constant's bytes are instead of in the model: a part of a file in the model's folder. */
export interface ExternalData {
  /** The file's name. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** The bytes of an ONNX ModelProto with everything in it. Protobuf ends at 2 GiB. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  return encodeModel(model, new Map()).concat();
}

/** The same, piece by piece; constants that `external` has by name are referred to instead of written. */
export function encodeOnnxParts(model: OnnxModel, external: ReadonlyMap<string, ExternalData>): readonly Uint8Array[] {
  return encodeModel(model, external).parts();
}

function encodeModel(model: OnnxModel, external: ReadonlyMap<string, ExternalData>): ProtoWriter {
  const graph = new ProtoWriter();
  for (const node of model.nodes) graph.message(1, encodeNode(node));
  graph.string(2, model.name);
  for (const tensor of model.initializers) graph.message(5, encodeTensor(tensor, external.get(tensor.name)));
  for (const input of model.inputs) graph.message(11, encodeValueInfo(input));
  for (const output of model.outputs) graph.message(12, encodeValueInfo(output));
  return new ProtoWriter()
    .int(1, IR_VERSION)
    .string(2, 'esci-lab')
    .message(7, graph)
    .message(8, new ProtoWriter().string(1, '').int(2, OPSET));
}

function encodeNode(node: OnnxNode): ProtoWriter {
  const proto = new ProtoWriter();
  for (const input of node.inputs) proto.string(1, input);
  for (const output of node.outputs) proto.string(2, output);
  proto.string(3, node.outputs[0]!).string(4, node.op);
  for (const [name, value] of Object.entries(node.attributes ?? {})) proto.message(5, encodeAttribute(name, value));
  return proto;
}

function encodeAttribute(name: string, value: OnnxAttribute): ProtoWriter {
  const proto = new ProtoWriter().string(1, name);
  if (typeof value === 'number') return proto.int(3, value).int(20, ATTRIBUTE_TYPE.int);
  if ('float' in value) return proto.float(2, value.float).int(20, ATTRIBUTE_TYPE.float);
  for (const item of value) proto.int(8, item);
  return proto.int(20, ATTRIBUTE_TYPE.ints);
}

function encodeTensor({ name, shape, data }: OnnxTensor, external: ExternalData | undefined): ProtoWriter {
  const proto = new ProtoWriter();
  for (const dim of shape) proto.int(1, dim);
  proto.int(2, data instanceof Float32Array ? DTYPES.float32.onnx : DTYPES.int64.onnx).string(8, name);
  if (external === undefined) return proto.bytes(9, bytesOf(data));
  for (const [key, value] of Object.entries(external)) {
    proto.message(13, new ProtoWriter().string(1, key).string(2, String(value)));
  }
  return proto.int(14, EXTERNAL);
}

/** The bytes of a constant as they stand in a model, or in a file beside it. */
export function bytesOf({ buffer, byteOffset, byteLength }: OnnxTensor['data']): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function encodeValueInfo({ name, type, shape }: OnnxValueInfo): ProtoWriter {
  const dims = new ProtoWriter();
  for (const dim of shape) {
    dims.message(1, typeof dim === 'number' ? new ProtoWriter().int(1, dim) : new ProtoWriter().string(2, dim));
  }
  const tensor = new ProtoWriter().int(1, DTYPES[type].onnx).message(2, dims);
  return new ProtoWriter().string(1, name).message(2, new ProtoWriter().message(1, tensor));
}
