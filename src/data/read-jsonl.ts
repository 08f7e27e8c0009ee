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
  return textTable(path, [...first.value.values.keys()], prepend(first.value, groups));
}

async function* readGroups(path: string): AsyncGenerator<TextRows> {
  let rows: Readonly<Record<string, unknown>>[] = [];
  let lines: number[] = [];
  let lastProgress = 0;
  for await (const { line, text, progress } of readLines(path)) {
    if (text.trim() === '') continue;
    rows.push(parseRow(text, `${path}:${line}`));
    lines.push(line);
    lastProgress = progress;
    if (rows.length < TEXT_GROUP_ROWS) continue;
    yield { values: toColumns(rows), lines, progress };
    rows = [];
    lines = [];
  }
  if (rows.length > 0) yield { values: toColumns(rows), lines, progress: lastProgress };
}

async function* readLines(path: string): AsyncGenerator<{ line: number; text: string; progress: number }> {
  let line = 1;
  let rest = '';
  for await (const { text, progress } of readText(path)) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield { line: line++, text: part, progress };
    if (rest.length > MAX_LINE) {
      throw dataProblem(
        'data-format',
        `${path}:${line}`,
        `This line is longer than ${MAX_LINE} characters; expected one row a line.`,
      );
    }
  }
  yield { line, text: rest, progress: 1 };
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
