import { Damage } from './damage.ts';
import { readPageHeader } from './page-header.ts';
import type { PageHeader } from './page-header.ts';

/** A page within the bytes of a chunk. */
export interface ParquetPage<Kind extends PageHeader['kind']> {
  readonly header: Extract<PageHeader, { kind: Kind }>;
  readonly start: number;
  readonly end: number;
  /** Number of its first row in the row group. */
  readonly firstRow: number;
}

export interface ChunkPages {
  readonly dictionary: ParquetPage<'dictionary'> | undefined;
  /** In order; together they hold every row of the row group once. */
  readonly data: readonly ParquetPage<'data'>[];
}

/**
 * What the pages of a chunk may grow to: this, and this many times the chunk's size. Text shrinks by a factor of 3 to 20, and
 * constant columns are runs, which take no room.
 */
const FREE_BYTES = 2 ** 27;
const MAX_GROWTH = 100;

/** Finds the pages of a flat column; nothing is decompressed. @throws Damage */
export function findPages(bytes: Uint8Array, nRows: number): ChunkPages {
  let dictionary: ParquetPage<'dictionary'> | undefined;
  const data: ParquetPage<'data'>[] = [];
  let firstRow = 0;
  let nPlain = 0;
  for (let at = 0; at < bytes.length && firstRow < nRows;) {
    const { header, end: start } = readPageHeader(bytes, at);
    const end = start + header.nBytes;
    if (end > bytes.length)
      throw new Damage(`a page of ${header.nBytes} bytes stands where ${bytes.length - start} are left`);
    nPlain += header.nBytesPlain;
    if (nPlain > FREE_BYTES + MAX_GROWTH * bytes.length) {
      throw new Damage(`pages of ${bytes.length} bytes claim to be ${nPlain} once decompressed`);
    }
    at = end;
    if (header.kind === 'dictionary') {
      if (dictionary !== undefined || data.length > 0) throw new Damage('a dictionary stands behind other pages');
      dictionary = { header, start, end, firstRow };
    } else if (header.kind === 'data') {
      data.push({ header, start, end, firstRow });
      firstRow += header.nValues;
    }
  }
  if (firstRow !== nRows) throw new Damage(`its pages have ${firstRow} values for ${nRows} rows`);
  return { dictionary, data };
}
