import type { ColumnChunk, FileMetaData, SchemaElement } from 'hyparquet';
import { Damage } from './damage.ts';
import type { Footer } from './footer.ts';

/** A top-level column. */
export interface ParquetColumn {
  readonly name: string;
  readonly element: SchemaElement;
  /** Which of a row group's chunks holds its values; undefined when it holds lists or structures. */
  readonly leaf: number | undefined;
}

/** Bytes of one column in one row group. */
export interface Chunk {
  readonly start: number;
  readonly end: number;
}

export interface ParquetGroup {
  readonly firstRow: number;
  readonly nRows: number;
  /** By leaf. */
  readonly chunks: readonly Chunk[];
}

/** What a footer says about its file, checked against the file. */
export interface Layout {
  readonly nRows: number;
  readonly columns: readonly ParquetColumn[];
  readonly groups: readonly ParquetGroup[];
}

/**
 * Rows that a row group may have whatever its size, and rows for each byte of the file beyond. Runs can hold a constant column of any
 * length in some bytes, so only a relation to the size tells a lie from a table: rows of judgements or products take bytes, not bits.
 */
const FREE_ROWS = 2 ** 20;
const MAX_ROWS_PER_BYTE = 8;

/** The bytes before the first page: `PAR1`. */
const DATA_START = 4;

/**
 * Columns and row groups of a file; every count, offset and size is a whole number that the file's size allows, and no two columns share bytes.
 * @throws Damage
 */
export function readLayout({ metadata, start: dataEnd }: Footer, fileSize: number): Layout {
  const { columns, nLeaves, leafNames } = readColumns(metadata.schema);
  const nTotal = whole(metadata.num_rows, 'its number of rows');
  const groups: ParquetGroup[] = [];
  let firstRow = 0;
  metadata.row_groups.forEach((group, index) => {
    const where = `row group ${index + 1}`;
    const nRows = whole(group.num_rows, `the number of rows of its ${where}`);
    if (nRows > FREE_ROWS + MAX_ROWS_PER_BYTE * fileSize) {
      throw new Damage(`its ${where} claims ${nRows} rows, and the whole file has ${fileSize} bytes`);
    }
    if (group.columns.length !== nLeaves) {
      throw new Damage(`its ${where} has ${group.columns.length} columns, and the schema has ${nLeaves}`);
    }
    const chunks = group.columns.map((column, leaf) =>
      nRows === 0
        ? { start: 0, end: 0 }
        : readChunk(column, dataEnd, `the column "${leafNames[leaf]}" in its ${where}`),
    );
    groups.push({ firstRow, nRows, chunks });
    firstRow += nRows;
  });
  if (firstRow !== nTotal) throw new Damage(`it claims ${nTotal} rows, and its row groups have ${firstRow}`);
  refuseOverlap(groups, leafNames);
  return { nRows: nTotal, columns, groups };
}

/** Walks the schema, a tree in depth-first order, without recursion: its depth is the file's choice. */
function readColumns(schema: FileMetaData['schema']): {
  columns: ParquetColumn[];
  nLeaves: number;
  leafNames: string[];
} {
  const children = (index: number): number => {
    const element = schema[index];
    if (element === undefined) throw new Damage('its schema ends early');
    return element.num_children === undefined ? 0 : whole(element.num_children, 'a number of fields in its schema');
  };
  const columns: ParquetColumn[] = [];
  const leafNames: string[] = [];
  const nColumns = children(0);
  let next = 1;
  for (let column = 0; column < nColumns; column++) {
    const nFields = children(next);
    const element = schema[next]!;
    const { name } = element;
    if (typeof name !== 'string') throw new Damage(`its column ${column + 1} has no name`);
    const isPlain = nFields === 0 && element.repetition_type !== 'REPEATED';
    columns.push({ name, element, leaf: isPlain ? leafNames.length : undefined });
    for (let nOpen = 1; nOpen > 0; nOpen--) {
      const nBelow = children(next++);
      if (nBelow === 0) leafNames.push(name);
      nOpen += nBelow;
    }
  }
  if (next < schema.length) throw new Damage(`its schema has ${schema.length - next} fields that belong to no column`);
  return { columns, nLeaves: leafNames.length, leafNames };
}

function readChunk(column: ColumnChunk, dataEnd: number, which: string): Chunk {
  const { file_path: path, meta_data: meta } = column;
  if (path !== undefined && path !== '') throw new Damage(`${which} is in another file, ${JSON.stringify(path)}`);
  // Its place is encrypted, too; whoever needs the column is told.
  if (meta === undefined) return { start: 0, end: 0 };
  const dataStart = whole(meta.data_page_offset, `the offset of ${which}`);
  const dictionary =
    meta.dictionary_page_offset === undefined
      ? 0
      : whole(meta.dictionary_page_offset, `the offset of the dictionary of ${which}`);
  // Some writers give 0 for "no dictionary", some leave the dictionary's offset out and begin with it.
  const start = dictionary > 0 ? Math.min(dictionary, dataStart) : dataStart;
  const end = start + whole(meta.total_compressed_size, `the size of ${which}`);
  if (start < DATA_START || end > dataEnd) {
    throw new Damage(
      `${which} is said to be at bytes ${start} to ${end}, and its data is at ${DATA_START} to ${dataEnd}`,
    );
  }
  return { start, end };
}

/** Bytes that several columns claim would be read again and again. */
function refuseOverlap(groups: readonly ParquetGroup[], leafNames: readonly string[]): void {
  const places = groups.flatMap(({ chunks }, group) =>
    chunks.map(({ start, end }, leaf) => ({ start, end, group, leaf })),
  );
  places.sort((a, b) => a.start - b.start);
  let before = 0;
  for (const { start, end, group, leaf } of places) {
    if (start === end) continue;
    if (start < before) {
      throw new Damage(
        `the column "${leafNames[leaf]}" in its row group ${group + 1} lies on the bytes of another column`,
      );
    }
    before = end;
  }
}

function whole(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Damage(
    `${what} is ${typeof value === 'bigint' || typeof value === 'number' ? value : 'missing'}; expected a whole number from 0 on`,
  );
}
