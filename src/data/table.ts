/**
 * A file of rows and named columns, read group by group so that no file has to fit into memory. Formats differ only in
 * how they make these: parquet, csv and tsv, jsonl.
 */
export interface Table {
  readonly path: string;
  /** Names of the top-level columns, in the file's order. */
  readonly columns: readonly string[];
  /** The groups in order, to be iterated once; a group's columns can be read until the next group is asked for. */
  readonly groups: AsyncIterable<RowGroup> | Iterable<RowGroup>;
  /** Frees the file; harmless when all groups were read. */
  close(): Promise<void>;
}

export interface RowGroup {
  readonly nRows: number;
  /** Share of the file that is read once this group is, 0 … 1. */
  readonly progress: number;
  /** Where a row of this group is, for messages: `data/train.csv:12` or `data/train.parquet, row 12` (counted from 1). */
  place(row: number): string;
  /** The values of a column, which must be one of the table's: nothing of it is decoded before a row is asked for. */
  column(name: string): Promise<ColumnReader>;
}

/**
 * The value of a row; null or undefined when there is none. Fast for rows in order, and text in rows that are left out is not decoded.
 * @throws ProblemError `data-format` when the file is damaged there
 */
export type ColumnReader = (row: number) => unknown;

/** Rows of a text format, with the line that each starts on (counted from 1). */
export interface TextRows {
  readonly column: (name: string) => ColumnReader;
  readonly lines: readonly number[];
  readonly progress: number;
}

/** Whether a text format has gathered enough for one group: large enough to be fast, small enough to be nothing. */
export function isGroupFull(nRows: number, nCharacters: number): boolean {
  return nRows >= 4096 || nCharacters >= 2 ** 24;
}

/**
 * A table of a text format: `groups` yields at least the columns of `columns`. `source` is the generator that holds the file;
 * it has been started, or its `return` would not run what closes the file.
 */
export function textTable(
  path: string,
  columns: readonly string[],
  groups: AsyncIterable<TextRows>,
  source: AsyncGenerator<unknown, undefined>,
): Table {
  return {
    path,
    columns,
    groups: mapGroups(path, groups),
    close: async () => {
      await source.return(undefined);
    },
  };
}

async function* mapGroups(path: string, groups: AsyncIterable<TextRows>): AsyncGenerator<RowGroup> {
  for await (const { column, lines, progress } of groups) {
    yield {
      nRows: lines.length,
      progress,
      place: (row) => `${path}:${lines[row] ?? 0}`,
      column: (name) => Promise.resolve(column(name)),
    };
  }
}

/** Puts one item back in front of the rest: the columns of a text file are known only after its first rows. */
export async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
