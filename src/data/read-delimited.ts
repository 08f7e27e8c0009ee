import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { CsvErrorCode, Info } from 'csv-parse';
import { dataProblem, list } from './data-problem.ts';
import { readText } from './text-file.ts';
import { TEXT_GROUP_ROWS, prepend, textTable } from './table.ts';
import type { Table, TextRows } from './table.ts';

/** A record above this many characters is taken for a quote that nothing closes. */
const MAX_RECORD = 1 << 24;

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Opens a csv or tsv file with a header line (RFC 4180 quoting, also a quote inside an unquoted field, as titles with inches have).
 * Blanks are kept as they are; an empty field is an empty text.
 * @throws ProblemError `data-format` (with the line), `data-columns` (a column twice), `data-empty`, `data-not-found`, `data-unreadable`
 */
export async function openDelimited(path: string, delimiter: ',' | '\t'): Promise<Table> {
  const rows = readRows(path, delimiter);
  const header = await rows.next();
  if (header.done === true) throw dataProblem('data-empty', path, 'This file has no rows.');
  const columns = header.value.row.cells;
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) {
    await rows.return(undefined);
    throw dataProblem('data-columns', path, `The column "${twice}" appears twice; found ${list(columns)}.`);
  }
  const groups = readGroups(columns, rows);
  const first = await groups.next();
  if (first.done === true) return textTable(path, columns, groups);
  return textTable(path, columns, prepend(first.value, groups));
}

async function* readGroups(columns: readonly string[], rows: AsyncGenerator<PlacedRow>): AsyncGenerator<TextRows> {
  let group: Row[] = [];
  let lastProgress = 0;
  for await (const { row, progress } of rows) {
    group.push(row);
    lastProgress = progress;
    if (group.length < TEXT_GROUP_ROWS) continue;
    yield toTextRows(columns, group, progress);
    group = [];
  }
  if (group.length > 0) yield toTextRows(columns, group, lastProgress);
}

function toTextRows(columns: readonly string[], rows: readonly Row[], progress: number): TextRows {
  const values = new Map(columns.map((name, i) => [name, rows.map(({ cells }) => cells[i])]));
  return { values, lines: rows.map(({ line }) => line), progress };
}

/** What the parser yields with `info: true`. */
interface CsvRecord {
  readonly record: readonly string[];
  readonly info: Pick<Info, 'lines'>;
}

interface PlacedRow {
  readonly row: Row;
  readonly progress: number;
}

async function* readRows(path: string, delimiter: string): AsyncGenerator<PlacedRow> {
  let progress = 0;
  let nextLine = 1;
  async function* texts(): AsyncGenerator<string> {
    for await (const piece of readText(path)) {
      progress = piece.progress;
      if (piece.text !== '') yield piece.text;
    }
  }
  const source = Readable.from(texts());
  const parser = parse({
    delimiter,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    info: true,
  });
  // `pipe` does not pass errors on, and a parser that fails leaves its source open.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { record: cells, info } of parser as AsyncIterable<CsvRecord>) {
      // `lines` is the line that the record ends on; a quoted field may span several, blank lines may lie between.
      const line = info.lines === nextLine ? nextLine : info.lines - newlinesIn(cells);
      nextLine = info.lines + 1;
      yield { row: { line, cells }, progress };
    }
  } catch (error) {
    throw error instanceof CsvError ? csvProblem(path, error, nextLine) : error;
  } finally {
    source.destroy();
  }
}

function newlinesIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

/** What is wrong with the text, in words, for the errors that text can cause; others are bugs. */
const CSV_PROBLEMS: Partial<Record<CsvErrorCode, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'A quote is opened in the row that starts here, and nothing closes it.',
  CSV_MAX_RECORD_SIZE: `The row that starts here has more than ${MAX_RECORD} characters; a quote may not be closed.`,
  CSV_INVALID_CLOSING_QUOTE: 'A quote is closed in the middle of a field of the row that starts here.',
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: 'The row that starts here has more or fewer fields than the header.',
};

function csvProblem(path: string, error: CsvError, line: number): unknown {
  const message = CSV_PROBLEMS[error.code];
  if (message === undefined) return error;
  return dataProblem('data-format', `${path}:${line}`, message, undefined, error);
}
