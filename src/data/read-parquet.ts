import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { ProblemError } from '../protocol/problem.ts';
import { dataProblem, fileProblem } from './data-problem.ts';
import { refuseOtherContent } from './file-magic.ts';
import type { RowGroup, Table } from './table.ts';

/**
 * Opens a parquet file of any codec. A group is a row group of the file; only columns that are asked for are read from disk.
 * @throws ProblemError `data-format` (not parquet, truncated, damaged), `data-not-found`, `data-unreadable`
 */
export async function openParquet(path: string): Promise<Table> {
  const handle = await open(path).catch((error: unknown) => {
    throw fileProblem(path, error);
  });
  try {
    const { size } = await handle.stat();
    await checkMagic(handle, path, size);
    const file = asyncBuffer(handle, path, size);
    const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
      throw damaged(path, 'its footer cannot be decoded', error);
    });
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    return { path, columns, groups: readGroups(path, file, metadata), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A file that is read range by range; hyparquet's own reads each range through a stream and holds it twice. */
function asyncBuffer(handle: FileHandle, path: string, size: number): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (start < 0 || end > size || end < start) {
        throw damaged(path, `it points to bytes ${start} to ${end}, but has ${size}`);
      }
      const bytes = new Uint8Array(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw damaged(path, 'it became shorter while it was read');
        done += bytesRead;
      }
      return bytes.buffer;
    },
  };
}

async function checkMagic(handle: FileHandle, path: string, size: number): Promise<void> {
  const head = Buffer.alloc(Math.min(size, 256));
  await handle.read(head, 0, head.length, 0);
  if (!head.subarray(0, 4).equals(Buffer.from('PAR1'))) {
    refuseOtherContent(path, head);
    const isEncrypted = head.subarray(0, 4).equals(Buffer.from('PARE'));
    const message = isEncrypted
      ? 'This parquet file is encrypted.'
      : 'This is not a parquet file: it does not start with "PAR1".';
    throw dataProblem('data-format', path, message);
  }
  const tail = Buffer.alloc(4);
  if (size >= 12) await handle.read(tail, 0, 4, size - 4);
  if (!tail.equals(Buffer.from('PAR1'))) {
    throw dataProblem(
      'data-format',
      path,
      `This parquet file is cut off: it has ${size} bytes and does not end with "PAR1".`,
      'Download or copy it again.',
    );
  }
}

function* readGroups(path: string, file: AsyncBuffer, metadata: FileMetaData): Generator<RowGroup> {
  const nTotal = Number(metadata.num_rows);
  let start = 0;
  for (const { num_rows: num } of metadata.row_groups) {
    const first = start;
    const nRows = Number(num);
    start += nRows;
    const read = (name: string, isLazy: boolean) => readColumn(path, { file, metadata, first, nRows }, name, isLazy);
    yield {
      nRows,
      progress: nTotal === 0 ? 1 : start / nTotal,
      place: (row) => `${path}, row ${first + row + 1}`,
      column: (name) => read(name, false),
      scan: async (name, isWanted, visit) => {
        const values = await read(name, true);
        const decoder = new TextDecoder();
        for (let row = 0; row < nRows; row++) {
          if (!isWanted(row)) continue;
          const value = values[row];
          visit(row, value instanceof Uint8Array ? decoder.decode(value) : value);
        }
      },
    };
  }
}

interface GroupRange {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly first: number;
  readonly nRows: number;
}

/** The values of one column of one row group; texts stay UTF-8 bytes when `isLazy`. */
async function readColumn(path: string, range: GroupRange, name: string, isLazy: boolean): Promise<ArrayLike<unknown>> {
  const { file, metadata, first, nRows } = range;
  const tree = parquetSchema(metadata).children.find(({ element }) => element.name === name);
  if (tree === undefined || tree.children.length > 0) {
    throw dataProblem(
      'data-value',
      path,
      `The column "${name}" holds lists or structures; expected one plain value a row.`,
    );
  }
  refuseUnknownCodec(path, metadata, name);
  const pages: ArrayLike<unknown>[] = [];
  try {
    await parquetRead({
      file,
      metadata,
      columns: [name],
      rowStart: first,
      rowEnd: first + nRows,
      compressors,
      ...(isLazy && { parsers: { stringFromBytes: (bytes: Uint8Array) => bytes } }),
      onChunk: ({ columnData }) => pages.push(columnData as ArrayLike<unknown>),
    });
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw damaged(path, `the column "${name}" cannot be decoded near row ${first + 1}`, error);
  }
  const values = concat(pages);
  if (values.length !== nRows) {
    throw damaged(path, `the column "${name}" has ${values.length} values in ${nRows} rows from row ${first + 1} on`);
  }
  return values;
}

function refuseUnknownCodec(path: string, { row_groups: groups }: FileMetaData, name: string): void {
  const known = ['UNCOMPRESSED', ...Object.keys(compressors)];
  const codecs = groups
    .flatMap(({ columns }) => columns.map(({ meta_data: meta }) => meta))
    .flatMap((meta) => (meta?.path_in_schema[0] === name ? [meta.codec] : []));
  const unknown = codecs.find((codec) => !known.includes(codec));
  if (unknown === undefined) return;
  throw dataProblem(
    'data-format',
    path,
    `The column "${name}" is compressed with ${unknown}; expected one of ${known.join(', ')}.`,
  );
}

function concat(pages: readonly ArrayLike<unknown>[]): ArrayLike<unknown> {
  if (pages.length === 1) return pages[0]!;
  const values: unknown[] = [];
  for (const page of pages) for (let i = 0; i < page.length; i++) values.push(page[i]);
  return values;
}

function damaged(path: string, how: string, cause?: unknown): ProblemError {
  return dataProblem('data-format', path, `This parquet file is damaged: ${how}.`, 'Download or copy it again.', cause);
}
