import { CsvError, parse } from 'csv-parse';
import type { CsvErrorCode } from 'csv-parse';
import { dataProblem, quotedList } from './data-problem.ts';
import { readText } from './text-file.ts';
import { isGroupFull, prepend, textTable } from './table.ts';
import type { Table, TextRows } from './table.ts';

/** A record above this many characters is taken for a quote that nothing closes. */
const MAX_RECORD = 1 << 24;

/** Far above any table; a header of more is a file of another kind, and every row would be as long. */
const MAX_COLUMNS = 10_000;

interface Row {
  /** The line that it starts on. */
  readonly line: number;
  readonly cells: readonly string[];
}

interface RowBatch {
  readonly rows: readonly Row[];
  readonly progress: number;
}

/**
 * Opens a csv or tsv file with a header line (RFC 4180 quoting, also a quote inside an unquoted field, as titles with inches have).
 * Blanks are kept as they are; an empty field is an empty text.
 * @throws ProblemError `data-format` (with the line), `data-columns` (a column twice), `data-empty`, `data-not-found`, `data-unreadable`
 */
export async function openDelimited(path: string, delimiter: ',' | '\t'): Promise<Table> {
  const batches = readBatches(path, delimiter);
  const { value: first } = await batches.next();
  const [header, ...rows] = first?.rows ?? [];
  if (first === undefined || header === undefined) throw dataProblem('data-empty', path, 'This file has no rows.');
  const columns = header.cells;
  const wrong = wrongHeader(columns);
  if (wrong !== undefined) {
    await batches.return(undefined);
    throw dataProblem('data-columns', path, wrong);
  }
  return textTable(path, columns, toGroups(columns, prepend({ ...first, rows }, batches)), batches);
}

async function* toGroups(columns: readonly string[], batches: AsyncIterable<RowBatch>): AsyncGenerator<TextRows> {
  const placeOf = new Map(columns.map((name, i) => [name, i]));
  for await (const { rows, progress } of batches) {
    const column = (name: string) => {
      const place = placeOf.get(name) ?? -1;
      return (row: number) => rows[row]?.cells[place];
    };
    yield { column, lines: rows.map(({ line }) => line), progress };
  }
}

/** What is wrong with the names of columns, in words. */
function wrongHeader(columns: readonly string[]): string | undefined {
  if (columns.length > MAX_COLUMNS) return `This file has ${columns.length} columns; expected at most ${MAX_COLUMNS}.`;
  const seen = new Set<string>();
  for (const name of columns) {
    if (seen.has(name)) return `The column ${quotedList([name])} appears twice; found ${quotedList(columns)}.`;
    seen.add(name);
  }
  return undefined;
}

/** Many rows at a time: handing them over one by one takes longer than parsing them. */
async function* readBatches(path: string, delimiter: string): AsyncGenerator<RowBatch, undefined> {
  let rows: Row[] = [];
  let nCharacters = 0;
  let nextLine = 1;
  const parser = parse({
    delimiter,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    on_record: (cells, { lines }) => {
      // `lines` is the line that the record ends on; a quoted field may span several, blank lines may lie between.
      rows.push({ line: lines === nextLine ? lines : lines - newlinesIn(cells), cells });
      nextLine = lines + 1;
      // Nothing goes through the parser's own output.
      return null;
    },
  });
  // Errors reach the callbacks below; without a listener they would also end the process.
  parser.on('error', () => undefined).resume();
  try {
    for await (const { text, progress } of readText(path)) {
      await settled((done) => (text === '' ? parser.end(done) : parser.write(text, done)));
      nCharacters += text.length;
      if (rows.length === 0 || (!isGroupFull(rows.length, nCharacters) && text !== '')) continue;
      yield { rows, progress };
      rows = [];
      nCharacters = 0;
    }
  } catch (error) {
    throw error instanceof CsvError ? csvProblem(path, error, nextLine) : error;
  } finally {
    parser.destroy();
  }
}

function settled(start: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    start((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
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
