import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { shown } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { dequantiseRows } from './int8-rows.ts';
import { listed, readModelJson } from './model-files.ts';
import { openSafetensors, type SafetensorsReader } from './safetensors.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { holdsFloats } from './stored-floats.ts';

/** The stored tensors of a model folder, in one file or in shards. The caller closes them. */
export interface Weights {
  /** The tensor of that name, undefined where there is none. */
  find(name: string): StoredTensor | undefined;
  /** A tensor's floats, whatever it is stored as, as an array that the caller owns. */
  floats(tensor: StoredTensor): Float32Array;
  close(): void;
}

/** Files that hold a whole model, the preferred one first. */
const WHOLE = ['model.safetensors', 'model.int8.safetensors'];
const INDEX = 'model.safetensors.index.json';

/** Most files that an index may name: the largest models have fewer, and each stays open while it is read. */
const MOST_SHARDS = 256;

/**
 * Opens the weights of a Hugging Face model folder; nothing but headers is read yet.
 * @throws ProblemError `no-weights`, `bad-model-index`, `bad-safetensors`, `cannot-read`; `bad-parameter` by `floats`
 */
export function openWeights(folder: string): Weights {
  const readers: SafetensorsReader[] = [];
  const close = (): void => {
    for (const reader of readers.splice(0)) reader.close();
  };
  const found = new Map<string, { readonly tensor: StoredTensor; readonly reader: SafetensorsReader }>();
  try {
    for (const name of filesOf(folder)) {
      const reader = openSafetensors(join(folder, name));
      readers.push(reader);
      for (const tensor of reader.tensors.values()) {
        const other = found.get(tensor.name);
        if (other !== undefined) {
          throw badIndex(
            join(folder, INDEX),
            `${tensor.name} is in two files, ${other.reader.path} and ${reader.path}`,
          );
        }
        found.set(tensor.name, { tensor, reader });
      }
    }
  } catch (error) {
    close();
    throw error;
  }
  return {
    find: (name) => found.get(name)?.tensor,
    floats: (tensor) => {
      const { reader } = found.get(tensor.name)!;
      if (tensor.dtype === 'I8') return int8Floats(reader, tensor);
      if (holdsFloats(tensor.dtype)) return reader.floats(tensor);
      throw badWeight(reader, tensor, `has type ${tensor.dtype}, expected floats`);
    },
    close,
  };
}

/** The floats of int8 storage, which has a scale a row beside it (int8-rows.ts). */
function int8Floats(reader: SafetensorsReader, tensor: StoredTensor): Float32Array {
  const [rows, columns] = tensor.shape;
  if (rows === undefined || columns === undefined || tensor.shape.length !== 2) {
    throw badWeight(reader, tensor, `is int8 of shape [${tensor.shape.join(', ')}], expected a matrix`);
  }
  const scales = reader.tensors.get(`${tensor.name}.scale`);
  if (scales?.dtype !== 'F32' || scales.nBytes !== 4 * rows) {
    throw badWeight(reader, tensor, `is int8 and has no ${tensor.name}.scale of ${rows} floats beside it`);
  }
  return dequantiseRows(new Int8Array(reader.bytes(tensor)), reader.floats(scales), rows, columns);
}

function badWeight({ path }: SafetensorsReader, { name }: StoredTensor, what: string): ProblemError {
  return new ProblemError({
    code: 'bad-parameter',
    message: `the parameter ${name} ${what}`,
    where: path,
    next: 'Copy the model again, or choose one that is published in float32, float16 or bfloat16.',
  });
}

function filesOf(folder: string): readonly string[] {
  const whole = WHOLE.find((name) => existsSync(join(folder, name)));
  if (whole !== undefined) return [whole];
  if (existsSync(join(folder, INDEX))) return shardsOf(join(folder, INDEX));
  throw new ProblemError({
    code: 'no-weights',
    message: `no model.safetensors; found ${listed(folder)}`,
    where: folder,
    next: 'Choose a model that is published as safetensors.',
  });
}

/** The files that an index names. Whatever it says, they are files of the index's own folder. */
function shardsOf(path: string): readonly string[] {
  const map = readModelJson(path, 'bad-model-index')['weight_map'];
  if (!isObject(map)) throw badIndex(path, '"weight_map" is no object of names');
  const names = new Set(Object.values(map));
  if (names.size === 0) throw badIndex(path, '"weight_map" is empty');
  if (names.size > MOST_SHARDS) throw badIndex(path, `"weight_map" names ${names.size} files, at most ${MOST_SHARDS}`);
  return Array.from(names, (name) => {
    if (typeof name === 'string' && /^[\w][\w.-]*\.safetensors$/.test(name)) return name;
    throw badIndex(path, `"weight_map" names ${shown(name)}, expected a .safetensors file of the same folder`);
  });
}

function badIndex(path: string, message: string): ProblemError {
  const next = 'Copy or download the model again.';
  return new ProblemError({ code: 'bad-model-index', message, where: path, next });
}
