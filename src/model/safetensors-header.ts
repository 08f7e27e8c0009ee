/**
 * The header of a safetensors file (https://github.com/huggingface/safetensors): 8 bytes with its length, then JSON that
 * names type, shape and place of each tensor. Whatever it says is checked against the file's size before anything is read.
 */
import type { FileRanges } from '../files/file-ranges.ts';
import { shown, type Json } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';

/** Where a tensor of a file is, and what its bytes mean. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** First byte, counted from the beginning of the file. */
  readonly position: number;
  readonly nBytes: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Largest header that is parsed. The largest models take 2 MB a file; the format itself ends at 100 MB. */
const MOST_HEADER_BYTES = 25e6;

const BYTES_OF: ReadonlyMap<string, number> = new Map(
  Object.entries({
    F64: 8,
    F32: 4,
    F16: 2,
    BF16: 2,
    F8_E4M3: 1,
    F8_E5M2: 1,
    I64: 8,
    U64: 8,
    I32: 4,
    U32: 4,
    I16: 2,
    U16: 2,
    I8: 1,
    U8: 1,
    BOOL: 1,
  }),
);

/**
 * Reads and checks the header: the tensors have to cover the rest of the file without gap or overlap, as the format demands.
 * @throws ProblemError `bad-safetensors`
 */
export function readHeader(file: FileRanges, path: string): SafetensorsHeader {
  const fail = (message: string): never => {
    throw badSafetensors(path, message);
  };
  const lengthBytes = Buffer.alloc(8);
  if (!file.read(0, lengthBytes)) return fail(`it has ${file.size} bytes`);
  const length = lengthBytes.readBigUInt64LE();
  if (length > file.size - 8) return fail(`its header should have ${length} bytes, the file has ${file.size}`);
  if (length > MOST_HEADER_BYTES) return fail(`its header has ${length} bytes, at most ${MOST_HEADER_BYTES} are read`);
  const bytes = Buffer.alloc(Number(length));
  if (!file.read(8, bytes)) return fail('its header is cut off');
  const header = parse(bytes, fail);
  const start = 8 + bytes.length;
  const tensors = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => storedTensor(name, entry, start, fail));
  requireNoGaps(tensors, start, file.size, fail);
  return {
    tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])),
    metadata: metadataOf(Object.hasOwn(header, METADATA) ? header[METADATA] : {}, fail),
  };
}

export function badSafetensors(path: string, message: string): ProblemError {
  return new ProblemError({
    code: 'bad-safetensors',
    message: `not a complete safetensors file: ${message}`,
    where: path,
    next: 'Copy or download the file again.',
  });
}

/** The header's entry that is no tensor. */
export const METADATA = '__metadata__';

type Fail = (message: string) => never;

function parse(bytes: Buffer, fail: Fail): Json {
  let header: unknown;
  try {
    header = JSON.parse(bytes.toString('utf8'));
  } catch {
    return fail('its header is not JSON');
  }
  return isObject(header) ? header : fail('its header is no JSON object');
}

function storedTensor(name: string, entry: unknown, start: number, fail: Fail): StoredTensor {
  if (!isEntry(entry)) return fail(`the entry of ${shown(name)} lacks a type, a shape or offsets`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const [from, to] = offsets;
  let size = BYTES_OF.get(dtype) ?? fail(`${shown(name)} has type ${shown(dtype)}`);
  for (const dim of shape) {
    size *= dim;
    if (size > Number.MAX_SAFE_INTEGER) return fail(`the shape of ${shown(name)} has more elements than any file`);
  }
  if (to - from !== size) return fail(`${shown(name)} has ${to - from} bytes, ${size} by its shape`);
  return { name, dtype, shape, position: start + from, nBytes: size };
}

function requireNoGaps(tensors: readonly StoredTensor[], start: number, end: number, fail: Fail): void {
  let position = start;
  for (const tensor of tensors.toSorted((a, b) => a.position - b.position || a.nBytes - b.nBytes)) {
    if (tensor.position !== position) {
      fail(`the data of ${shown(tensor.name)} begins elsewhere than the data before it ends`);
    }
    position += tensor.nBytes;
    if (position > end) fail(`the data of ${shown(tensor.name)} is cut off`);
  }
  if (position !== end) fail(`${end - position} bytes at its end belong to no tensor`);
}

function metadataOf(value: unknown, fail: Fail): ReadonlyMap<string, string> {
  if (!isObject(value)) return fail(`${METADATA} is no JSON object`);
  return new Map(
    Object.entries(value).map(([key, text]) => [
      key,
      typeof text === 'string' ? text : fail(`${METADATA} has something else than text`),
    ]),
  );
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value)) return false;
  const { dtype, shape, data_offsets: offsets } = value;
  const areSizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((item) => Number.isSafeInteger(item) && item >= 0);
  return typeof dtype === 'string' && areSizes(shape) && areSizes(offsets) && offsets.length === 2;
}
