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
  /** All values of a column, one a row. Every name must be one of the table's columns. */
  column(name: string): Promise<ArrayLike<unknown>>;
  /**
   * Visits the values of a column in the rows that `isWanted` accepts, in order. Unlike `column`, text in other rows is not
   * even decoded: the way to read long texts of few rows.
   */
  scan(name: string, isWanted: (row: number) => boolean, visit: (row: number, value: unknown) => void): Promise<void>;
}

/** Rows of a text format, column by column, with the line that each row starts on (counted from 1). */
export interface TextRows {
  readonly values: ReadonlyMap<string, readonly unknown[]>;
  readonly lines: readonly number[];
  readonly progress: number;
}

/** Rows that a text format gathers into one group: large enough to be fast, small enough to be nothing. */
export const TEXT_GROUP_ROWS = 4096;

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
  for await (const { values, lines, progress } of groups) {
    const valuesOf = (name: string): readonly unknown[] => values.get(name) ?? [];
    yield {
      nRows: lines.length,
      progress,
      place: (row) => `${path}:${lines[row] ?? 0}`,
      column: (name) => Promise.resolve(valuesOf(name)),
      scan: (name, isWanted, visit) => {
        const column = valuesOf(name);
        for (let row = 0; row < lines.length; row++) if (isWanted(row)) visit(row, column[row]);
        return Promise.resolve();
      },
    };
  }
}

/** Puts one item back in front of the rest: the columns of a text file are known only after its first rows. */
export async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}
