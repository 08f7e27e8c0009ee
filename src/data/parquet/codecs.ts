import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressors } from 'hyparquet-compressors';
import { Damage } from './damage.ts';
import { decompressLz4Block, decompressLz4Frames } from './lz4.ts';
import { decompressZstd } from './zstd/decompress.ts';

/** Gives the `length` bytes that `input` holds; it may give more or fewer when the input is not what it should be, but never many more. */
type Decompress = (input: Uint8Array, length: number) => Uint8Array;

/** Codecs by their name in the format; LZO has no open specification. */
const CODECS = {
  UNCOMPRESSED: (input) => input,
  SNAPPY: compressors.SNAPPY!,
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: length }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: length }),
  ZSTD: decompressZstd,
  LZ4: decompressLz4Frames,
  LZ4_RAW: decompressLz4Block,
} as const satisfies Record<string, Decompress>;

export type Codec = keyof typeof CODECS;

/** Names of the codecs that can be read. */
export const CODEC_NAMES = Object.keys(CODECS) as readonly Codec[];

/** Decompresses a page to exactly the length that its header states, which the caller has bounded. @throws Damage, and the codecs' errors */
export function decompress(codec: Codec, input: Uint8Array, length: number): Uint8Array {
  if (length === 0) return new Uint8Array(0);
  const page = CODECS[codec](input, length);
  if (page.length !== length) throw new Damage(`a page has ${page.length} bytes and should have ${length}`);
  return page;
}
