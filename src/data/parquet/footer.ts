import { parquetMetadata } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { Damage } from './damage.ts';
import { readStruct } from './thrift.ts';

/** A file that is read range by range. */
export interface ByteFile {
  readonly size: number;
  /** The bytes from `start` up to `end`; both lie within the size. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** The metadata of a parquet file and where it begins: all data lies before it. */
export interface Footer {
  readonly metadata: FileMetaData;
  readonly start: number;
}

/** Metadata of a wide table with thousands of row groups is some megabytes. */
const MAX_FOOTER_BYTES = 2 ** 28;
/** Numbers, texts and structs of a footer: tens of thousands of column chunks with statistics. */
const MAX_FOOTER_VALUES = 1_000_000;

/**
 * Reads the metadata at the end of a file that begins and ends with `PAR1`. hyparquet, which turns it into objects, allocates what lengths
 * in it say, so its form is checked first.
 * @throws Damage
 */
export async function readFooter(file: ByteFile): Promise<Footer> {
  const tail = await file.read(file.size - 8, file.size);
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > file.size - 12)
    throw new Damage(`its footer of ${length} bytes does not fit into its ${file.size} bytes`);
  if (length > MAX_FOOTER_BYTES)
    throw new Damage(`its footer has ${length} bytes; expected at most ${MAX_FOOTER_BYTES}`);
  const start = file.size - 8 - length;
  const bytes = await file.read(start, file.size);
  readStruct({ bytes: bytes.subarray(0, length), at: 0, nLeft: MAX_FOOTER_VALUES });
  try {
    return { metadata: parquetMetadata(bytes, { geoparquet: false }), start };
  } catch (error) {
    throw new Damage('its footer cannot be decoded', { cause: error });
  }
}
