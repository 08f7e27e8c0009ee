import { openSafetensors } from '../../src/model/safetensors.ts';
import type { StoredTensor } from '../../src/model/safetensors-header.ts';
import { toFloat32 } from '../../src/model/stored-floats.ts';

interface ReadTensor extends StoredTensor {
  readonly data: ArrayBuffer;
  /** A new copy at each call. */
  floats(): Float32Array;
}

/** A small safetensors file, read whole. */
export function readSafetensors(path: string): {
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly metadata: ReadonlyMap<string, string>;
} {
  const file = openSafetensors(path);
  try {
    const tensors = Array.from(file.tensors, ([name, tensor]): [string, ReadTensor] => {
      const data = file.bytes(tensor);
      return [name, { ...tensor, data, floats: () => toFloat32(tensor.dtype, data.slice(0)) }];
    });
    return { tensors: new Map(tensors), metadata: file.metadata };
  } finally {
    file.close();
  }
}
