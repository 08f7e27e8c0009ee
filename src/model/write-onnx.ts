import { basename, dirname, join } from 'node:path';
import { writeHashedFile } from '../files/hashed-file.ts';
import { bytesOf, encodeOnnxParts, type ExternalData, type OnnxModel, type OnnxTensor } from '../graph/onnx.ts';

/** When and how constants leave the model's file. All in bytes. */
export interface OnnxLimits {
  /** Constants of a model that stays in one file, at most. */
  readonly mostInline: number;
  /** Smaller constants always stay: shapes among them, which onnxruntime wants to see at once. */
  readonly leastExternal: number;
  /** Data of one file beside the model, at most; a larger constant has a file of its own. */
  readonly mostInFile: number;
}

/** Protobuf ends at 2 GiB, and so do the buffers of browsers; 64 MiB are left for nodes and names. */
const LIMITS: OnnxLimits = { mostInline: 2 ** 31 - 2 ** 26, leastExternal: 2 ** 16, mostInFile: 2 ** 31 - 2 ** 26 };

/** Offsets are multiples of it, so that files can be mapped into memory on every system (64 KiB on Windows). */
const ALIGNMENT = 2 ** 16;

/**
 * Writes an ONNX model as a stream and syncs it; gives the number of data files beside it. A model that is too large for one
 * file has its constants as external data in `<name>_data`, `<name>_data_1`, … as the Hugging Face exporters call them.
 * Not atomic.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export function writeOnnx(path: string, model: OnnxModel, limits: OnnxLimits = LIMITS): number {
  const files = placeExternally(model.initializers, limits);
  const external = new Map<string, ExternalData>();
  files.forEach((tensors, i) => {
    const location = `${basename(path)}_data${i === 0 ? '' : `_${i}`}`;
    writeHashedFile(join(dirname(path), location), dataOf(tensors));
    for (const { name, offset, length } of tensors) external.set(name, { location, offset, length });
  });
  writeHashedFile(path, encodeOnnxParts(model, external));
  return files.length;
}

interface Placed {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
}

/** The constants of each data file with their places; no file where all fit into the model. */
function placeExternally(tensors: readonly OnnxTensor[], limits: OnnxLimits): readonly (readonly Placed[])[] {
  const total = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  if (total <= limits.mostInline) return [];
  const files: Placed[][] = [];
  let end = Infinity;
  for (const { name, data } of tensors) {
    const length = data.byteLength;
    if (length < limits.leastExternal) continue;
    let offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    if (offset + length > limits.mostInFile) {
      files.push([]);
      offset = 0;
    }
    files.at(-1)!.push({ name, bytes: bytesOf(data), offset, length });
    end = offset + length;
  }
  return files;
}

function* dataOf(tensors: readonly Placed[]): Iterable<Uint8Array> {
  let position = 0;
  for (const { bytes, offset, length } of tensors) {
    yield new Uint8Array(offset - position);
    yield bytes;
    position = offset + length;
  }
}
