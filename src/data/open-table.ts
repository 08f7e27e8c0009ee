import { dataProblem } from './data-problem.ts';
import { openDelimited } from './read-delimited.ts';
import { openJsonl } from './read-jsonl.ts';
import { openParquet } from './read-parquet.ts';
import type { Table } from './table.ts';

/** File ending → how the file is opened. */
const OPENERS = {
  parquet: openParquet,
  csv: (path) => openDelimited(path, ','),
  tsv: (path) => openDelimited(path, '\t'),
  jsonl: openJsonl,
  ndjson: openJsonl,
} as const satisfies Record<string, (path: string) => Promise<Table>>;

/** The endings of files that can be read, without the dot. */
export const DATA_ENDINGS = Object.keys(OPENERS) as readonly DataEnding[];
export type DataEnding = keyof typeof OPENERS;

/** The ending of a data file's name, or undefined when it is none. */
export function dataEnding(path: string): DataEnding | undefined {
  const lower = path.toLowerCase();
  return DATA_ENDINGS.find((ending) => lower.endsWith(`.${ending}`));
}

/**
 * Opens a file of rows by its name's ending; the caller closes it.
 * @throws ProblemError `data-layout` (another ending), and those of the format
 */
export function openTable(path: string): Promise<Table> {
  const ending = dataEnding(path);
  if (ending === undefined) {
    throw dataProblem(
      'data-layout',
      path,
      `The format is not known; expected a name that ends in ${DATA_ENDINGS.map((e) => `.${e}`).join(', ')}.`,
    );
  }
  return OPENERS[ending](path);
}
