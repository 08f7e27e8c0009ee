import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { ProblemError } from '../protocol/problem.ts';

/** One tensor of a safetensors file; `data` views the file's bytes. */
export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export interface SafetensorsFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const BYTES_OF: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors: 8-byte header length, JSON header, data).
 * A file that is cut short or has a wrong header is a problem, not a crash.
 */
export function readSafetensors(path: string): SafetensorsFile {
  const file = readFileSync(path);
  const fail = (message: string): never => {
    throw new ProblemError({
      code: 'bad-safetensors',
      message: `not a complete safetensors file: ${message}`,
      where: path,
      next: 'Copy or download the file again.',
    });
  };
  if (file.length < 8) return fail(`it has ${file.length} bytes`);
  const headerLength = Number(file.readBigUInt64LE(0));
  if (headerLength > file.length - 8)
    return fail(`its header should have ${headerLength} bytes, the file has ${file.length}`);
  let header: unknown;
  try {
    header = JSON.parse(file.toString('utf8', 8, 8 + headerLength));
  } catch {
    return fail('its header is not JSON');
  }
  if (!isObject(header)) return fail('its header is no JSON object');
  const tensors = new Map<string, StoredTensor>();
  const start = 8 + headerLength;
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    if (!isEntry(entry)) return fail(`the entry of ${name} lacks a type, a shape or offsets`);
    const { dtype, shape, data_offsets: offsets } = entry;
    const [from, to] = offsets;
    const size = shape.reduce((product, dim) => product * dim, BYTES_OF[dtype] ?? fail(`${name} has type ${dtype}`));
    if (to - from !== size || start + to > file.length) return fail(`the data of ${name} is cut off`);
    tensors.set(name, { dtype, shape, data: file.subarray(start + from, start + to) });
  }
  return { tensors, metadata: (header['__metadata__'] ?? {}) as Record<string, string> };
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const areSizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && item >= 0);
  return typeof dtype === 'string' && areSizes(shape) && areSizes(offsets) && offsets.length === 2;
}

/** The tensor's values as float32, converted from F64, F16 or BF16 where stored so. A copy that owns its memory. */
export function toFloat32({ dtype, data }: StoredTensor): Float32Array {
  const bytes = new Uint8Array(data);
  switch (dtype) {
    case 'F32':
      return new Float32Array(bytes.buffer);
    case 'F64':
      return Float32Array.from(new Float64Array(bytes.buffer));
    case 'BF16':
      return new Float32Array(Uint32Array.from(new Uint16Array(bytes.buffer), (bits) => bits << 16).buffer);
    case 'F16':
      return Float32Array.from(new Uint16Array(bytes.buffer), halfToFloat);
    default:
      throw new Error(`a tensor of type ${dtype} holds no floats`);
  }
}

/** Value of an IEEE 754 binary16 bit pattern. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** A float32 tensor to write. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Writes float32 tensors as a safetensors file, in the map's order, header padded so that the data is 8-byte aligned.
 * Not atomic: write into a temporary folder or name and rename.
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padded = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(padded);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const file = openSync(path, 'w');
  try {
    writeAll(file, length);
    writeAll(file, padded);
    for (const { data } of tensors.values())
      writeAll(file, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
