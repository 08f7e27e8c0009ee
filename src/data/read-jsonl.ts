import { dataProblem, describeValue } from './data-problem.ts';
import { readText } from './text-file.ts';
import { TEXT_GROUP_ROWS, prepend, textTable } from './table.ts';
import type { Table, TextRows } from './table.ts';

/** A line above this many UTF-16 units is taken for damage, before it fills the memory. */
const MAX_LINE = 1 << 26;

/**
 * Opens a jsonl file: one object a line, blank lines left out. Its columns are the keys of its first rows; a key that a later
 * row lacks is null there.
 * @throws ProblemError `data-format` (with the line), `data-empty`, `data-not-found`, `data-unreadable`
 */
export async function openJsonl(path: string): Promise<Table> {
  const groups = readGroups(path);
  const first = await groups.next();
  if (first.done === true) throw dataProblem('data-empty', path, 'This file has no rows.');
  return textTable(path, [...first.value.values.keys()], prepend(first.value, groups), groups);
}

async function* readGroups(path: string): AsyncGenerator<TextRows, undefined> {
  let rows: Readonly<Record<string, unknown>>[] = [];
  let lines: number[] = [];
  for await (const { firstLine, texts, progress } of readLines(path)) {
    texts.forEach((text, i) => {
      if (text.trim() === '') return;
      rows.push(parseRow(text, `${path}:${firstLine + i}`));
      lines.push(firstLine + i);
    });
    if (rows.length === 0 || (rows.length < TEXT_GROUP_ROWS && progress < 1)) continue;
    yield { values: toColumns(rows), lines, progress };
    rows = [];
    lines = [];
  }
}

/** Lines in runs that follow each other; the last run, which may be empty, has progress 1. */
interface LineRun {
  readonly firstLine: number;
  readonly texts: readonly string[];
  readonly progress: number;
}

/** Many lines at a time: an await for each would take longer than parsing it. */
async function* readLines(path: string): AsyncGenerator<LineRun> {
  let firstLine = 1;
  let rest = '';
  for await (const { text, progress } of readText(path)) {
    const texts = (rest + text).split('\n');
    rest = texts.pop() ?? '';
    if (rest.length > MAX_LINE) {
      const message = `This line is longer than ${MAX_LINE} characters; expected one row a line.`;
      throw dataProblem('data-format', `${path}:${firstLine + texts.length}`, message);
    }
    // The end of the file is known only by an empty piece: until then there may be more, even at its last byte.
    yield { firstLine, texts, progress: Math.min(progress, 0.999) };
    firstLine += texts.length;
  }
  yield { firstLine, texts: [rest], progress: 1 };
}

function parseRow(text: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw dataProblem(
      'data-format',
      where,
      'This line is not JSON; expected one object a line.',
      'A cut-off line is often the end of an incomplete download.',
      error,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw dataProblem('data-format', where, `This line is ${describeValue(value)}; expected one object a line.`);
  }
  return value as Record<string, unknown>;
}

function toColumns(rows: readonly Readonly<Record<string, unknown>>[]): Map<string, unknown[]> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return new Map([...names].map((name) => [name, rows.map((row) => (Object.hasOwn(row, name) ? row[name] : null))]));
}
