import { sizeOf } from '../graph/shape.ts';

/** A float32 tensor in memory. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Name and shape of a tensor. */
export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Float32 tensors one after the other: all names first, the data when it is asked for. */
export interface TensorStream {
  readonly entries: readonly TensorEntry[];
  /** Data of the entries, in their order; each is read, or copied, before the next is asked for. */
  readonly data: () => AsyncIterable<Float32Array>;
}

/** Numbers that a stream holds. */
export function nFloats({ entries }: TensorStream): number {
  return entries.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

/** A stream of tensors that are in memory. */
export function streamOf(tensors: ReadonlyMap<string, FloatTensor>): TensorStream {
  return {
    entries: Array.from(tensors, ([name, { shape }]) => ({ name, shape })),
    // eslint-disable-next-line @typescript-eslint/require-await -- others read from a file or a process
    async *data() {
      for (const { data } of tensors.values()) yield data;
    },
  };
}

/** All tensors of a stream, by name; the arrays are the stream's. */
export async function collect({ entries, data }: TensorStream): Promise<Map<string, FloatTensor>> {
  const tensors = new Map<string, FloatTensor>();
  let i = 0;
  for await (const values of data()) {
    const { name, shape } = entries[i++]!;
    tensors.set(name, { shape, data: values });
  }
  return tensors;
}
