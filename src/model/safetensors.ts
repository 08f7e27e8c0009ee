import { openRanges } from '../files/file-ranges.ts';
import { openHashedFile, writeHashedFile, type FileDigest } from '../files/hashed-file.ts';
import { sizeOf } from '../graph/shape.ts';
import {
  badSafetensors,
  METADATA,
  readHeader,
  type SafetensorsHeader,
  type StoredTensor,
} from './safetensors-header.ts';
import { toFloat32 } from './stored-floats.ts';
import type { FloatTensor, TensorEntry, TensorStream } from './tensor-stream.ts';

/** An open file: what is in it is known, the data is read tensor by tensor. The caller closes it. */
export interface SafetensorsReader extends SafetensorsHeader {
  readonly path: string;
  /** The tensor's bytes, a copy that the caller owns. */
  bytes(tensor: StoredTensor): ArrayBuffer;
  /** The tensor's values as float32, converted from F64, F16 or BF16 where stored so. A copy that the caller owns. */
  floats(tensor: StoredTensor): Float32Array;
  /** Fills `target` with the values of an F32 tensor of the same number of elements. */
  readInto(tensor: StoredTensor, target: Float32Array): void;
  close(): void;
}

/**
 * Opens a safetensors file of any size and reads its header. A file that is cut short or has a wrong header is a problem,
 * not a crash.
 * @throws ProblemError `cannot-read`, `bad-safetensors`, as do later reads
 */
export function openSafetensors(path: string): SafetensorsReader {
  const file = openRanges(path);
  const fill = ({ name, position }: StoredTensor, target: Uint8Array): void => {
    if (!file.read(position, target)) throw badSafetensors(path, `the data of ${name} is cut off`);
  };
  const bytes = (tensor: StoredTensor): ArrayBuffer => {
    const target = new Uint8Array(tensor.nBytes);
    fill(tensor, target);
    return target.buffer;
  };
  try {
    return {
      path,
      ...readHeader(file, path),
      bytes,
      floats: (tensor) => toFloat32(tensor.dtype, bytes(tensor)),
      readInto: (tensor, { buffer, byteOffset, byteLength }) => {
        if (tensor.dtype !== 'F32' || tensor.nBytes !== byteLength) {
          throw new Error(`${tensor.name} is ${tensor.nBytes} bytes of ${tensor.dtype}, not ${byteLength} of F32`);
        }
        fill(tensor, new Uint8Array(buffer, byteOffset, byteLength));
      },
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Writes float32 tensors as a safetensors file of any size, in their order, header padded so that the data is 8-byte
 * aligned. Hashed on the way and synced. Not atomic: write into a temporary folder or name and rename.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, FloatTensor>,
  metadata: Readonly<Record<string, string>> = {},
): FileDigest {
  const entries = Array.from(tensors, ([name, { shape }]) => ({ name, shape }));
  return writeHashedFile(path, [
    headerOf(entries, metadata),
    ...Array.from(tensors.values(), ({ data }) => bytesOf(data)),
  ]);
}

/** The same, from a stream. */
export async function streamSafetensors(
  path: string,
  { entries, data }: TensorStream,
  metadata: Readonly<Record<string, string>> = {},
): Promise<FileDigest> {
  const file = openHashedFile(path);
  try {
    file.write(headerOf(entries, metadata));
    for await (const values of data()) file.write(bytesOf(values));
    return file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

/** The length of the header, then the header. */
function headerOf(entries: readonly TensorEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const described = entries.map(({ name, shape }): [string, unknown] => {
    const from = offset;
    offset += 4 * sizeOf(shape);
    return [name, { dtype: 'F32', shape, data_offsets: [from, offset] }];
  });
  // fromEntries defines its properties: a tensor may be called `__proto__`.
  const json = Buffer.from(JSON.stringify(Object.fromEntries([[METADATA, metadata], ...described])));
  const header = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, ' ');
  header.writeBigUInt64LE(BigInt(header.length - 8));
  json.copy(header, 8);
  return header;
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
