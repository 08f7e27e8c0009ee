import type { FileHandle } from 'node:fs/promises';
import { ProblemError } from '../vocabulary/problem.ts';
import { dataProblem, fileProblem, quotedList } from './data-problem.ts';
import { refuseOtherContent } from './file-magic.ts';
import { openDataFile } from './open-file.ts';
import { CODEC_NAMES } from './parquet/codecs.ts';
import { readChunk } from './parquet/column-reader.ts';
import { Damage } from './parquet/damage.ts';
import { readFooter } from './parquet/footer.ts';
import type { ByteFile, Footer } from './parquet/footer.ts';
import { readLayout } from './parquet/layout.ts';
import type { Layout, ParquetColumn } from './parquet/layout.ts';
import type { ColumnReader, RowGroup, Table } from './table.ts';

/** A chunk is held in memory while its rows are read. */
const MAX_CHUNK_BYTES = 2 ** 31;

/**
 * Opens a parquet file of any codec. A group is a row group of the file; only columns that are asked for are read from disk.
 * @throws ProblemError `data-format` (not parquet, truncated, damaged), `data-columns` (a column twice), `data-not-found`, `data-unreadable`
 */
export async function openParquet(path: string): Promise<Table> {
  const { handle, size } = await openDataFile(path);
  try {
    await checkMagic(handle, path, size);
    const file: OpenFile = { path, size, read: (start, end) => readRange(handle, path, start, end) };
    const { footer, layout } = await describe(file);
    const columns = layout.columns.map(({ name }) => name);
    const twice = columns.length - new Set(columns).size;
    if (twice > 0)
      throw dataProblem(
        'data-columns',
        path,
        `${twice} columns have the name of another; found ${quotedList(columns)}.`,
      );
    return { path, columns, groups: readGroups(file, footer, layout), close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

interface OpenFile extends ByteFile {
  readonly path: string;
}

async function describe(file: OpenFile): Promise<{ footer: Footer; layout: Layout }> {
  try {
    const footer = await readFooter(file);
    return { footer, layout: readLayout(footer, file.size) };
  } catch (error) {
    throw asProblem(file.path, error);
  }
}

async function readRange(handle: FileHandle, path: string, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done).catch((error: unknown) => {
      throw fileProblem(path, error);
    });
    if (bytesRead === 0) throw new Damage('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

async function checkMagic(handle: FileHandle, path: string, size: number): Promise<void> {
  const head = Buffer.alloc(Math.min(size, 256));
  await handle.read(head, 0, head.length, 0);
  const tail = Buffer.alloc(4);
  if (size >= 12) await handle.read(tail, 0, 4, size - 4);
  if (head.toString('latin1', 0, 4) === 'PARE' || (isMagic(head) && tail.toString('latin1') === 'PARE')) {
    throw dataProblem('data-format', path, 'This parquet file is encrypted.', 'Write it again without encryption.');
  }
  if (!isMagic(head)) {
    refuseOtherContent(path, head);
    throw dataProblem('data-format', path, 'This is not a parquet file: it does not start with "PAR1".');
  }
  if (!isMagic(tail)) {
    const message = `This parquet file is cut off: it has ${size} bytes and does not end with "PAR1".`;
    throw dataProblem('data-format', path, message, 'Download or copy it again.');
  }
}

function isMagic(bytes: Buffer): boolean {
  return bytes.toString('latin1', 0, 4) === 'PAR1';
}

function* readGroups(file: OpenFile, footer: Footer, layout: Layout): Generator<RowGroup> {
  const columns = new Map(layout.columns.map((column) => [column.name, column]));
  for (const [index, { firstRow, nRows }] of layout.groups.entries()) {
    yield {
      nRows,
      progress: layout.nRows === 0 ? 1 : (firstRow + nRows) / layout.nRows,
      place: (row) => `${file.path}, row ${firstRow + row + 1}`,
      column: (name) => readColumn({ file, footer, layout, index }, columns.get(name)!),
    };
  }
}

interface GroupPlace {
  readonly file: OpenFile;
  readonly footer: Footer;
  readonly layout: Layout;
  readonly index: number;
}

/** The values of one column of one row group; problems name both. */
async function readColumn({ file, footer, layout, index }: GroupPlace, column: ParquetColumn): Promise<ColumnReader> {
  const { name, leaf, element } = column;
  const { path } = file;
  const which = `the column "${name}" in its row group ${index + 1}`;
  if (leaf === undefined) {
    const message = `The column "${name}" holds lists or structures; expected one plain value a row.`;
    throw dataProblem('data-value', path, message);
  }
  const { firstRow, nRows, chunks } = layout.groups[index]!;
  const { start, end } = chunks[leaf]!;
  const { meta_data: meta, crypto_metadata: crypto } = footer.metadata.row_groups[index]!.columns[leaf]!;
  if (meta === undefined || crypto !== undefined) {
    throw dataProblem(
      'data-format',
      path,
      `The column "${name}" is encrypted.`,
      'Write the file again without encryption.',
    );
  }
  const codec = CODEC_NAMES.find((known) => known === meta.codec);
  if (codec === undefined) {
    const message = `The column "${name}" is compressed with ${(meta.codec as string | undefined) ?? 'an unknown codec'}; expected one of ${CODEC_NAMES.join(', ')}.`;
    throw dataProblem('data-format', path, message);
  }
  if (end - start > MAX_CHUNK_BYTES) {
    const message = `The column "${name}" has ${end - start} bytes in one row group; expected at most ${MAX_CHUNK_BYTES}.`;
    throw dataProblem('data-format', path, message, 'Write the file again with smaller row groups.');
  }
  try {
    const inFile = meta.path_in_schema.join('.');
    if (inFile !== name) throw new Damage(`its bytes belong to the column "${inFile}"`);
    if (meta.type !== element.type)
      throw new Damage(`its values have the type ${meta.type}, and the schema has ${element.type}`);
    if (nRows === 0) return () => null;
    const valueAt = readChunk(await file.read(start, end), nRows, { element, codec });
    return (row) => {
      try {
        return valueAt(row);
      } catch (error) {
        throw asProblem(path, error, `${which}, row ${firstRow + row + 1}`);
      }
    };
  } catch (error) {
    throw asProblem(path, error, which);
  }
}

/** What reading met as a problem of the file: the bytes are wrong, whether a check or a decoder noticed it. */
function asProblem(path: string, error: unknown, what?: string): ProblemError {
  if (error instanceof ProblemError) return error;
  const how = error instanceof Damage ? error.message : 'it cannot be decoded';
  const message = `This parquet file is damaged: ${what === undefined ? how : `${what}: ${how}`}.`;
  return dataProblem('data-format', path, message, 'Download or copy it again.', error);
}
