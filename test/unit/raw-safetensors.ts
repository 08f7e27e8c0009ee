/** A tensor of any type as it is to stand in a file. */
export interface RawTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly nBytes: number;
}

/** The bytes of a safetensors file up to its data, which follows in the order of the tensors. */
export function rawHeader(tensors: readonly RawTensor[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, nBytes }) => {
    end += nBytes;
    return [name, { dtype, shape, data_offsets: [end - nBytes, end] }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header]);
}
