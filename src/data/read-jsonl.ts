import { isObject } from '../vocabulary/check.ts';
import { ownOf } from '../vocabulary/own.ts';
import { dataProblem, describeValue } from './data-problem.ts';
import { parseJson } from '../files/parse-json.ts';
import { readText } from './text-file.ts';
import { isGroupFull, prepend, textTable } from './table.ts';
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
  const { value: first } = await groups.next();
  if (first === undefined) throw dataProblem('data-empty', path, 'This file has no rows.');
  const columns = new Set<string>();
  for (const row of first.rows) for (const name of Object.keys(row)) columns.add(name);
  return textTable(path, [...columns], mapGroups(prepend(first, groups)), groups);
}

type JsonRow = Readonly<Record<string, unknown>>;

interface JsonRows {
  readonly rows: readonly JsonRow[];
  readonly lines: readonly number[];
  readonly progress: number;
}

async function* mapGroups(groups: AsyncIterable<JsonRows>): AsyncGenerator<TextRows> {
  for await (const { rows, lines, progress } of groups) {
    const column = (name: string) => (row: number) => ownOf(rows[row], name) ?? null;
    yield { column, lines, progress };
  }
}

async function* readGroups(path: string): AsyncGenerator<JsonRows, undefined> {
  let rows: JsonRow[] = [];
  let lines: number[] = [];
  let nCharacters = 0;
  for await (const { firstLine, texts, progress } of readLines(path)) {
    texts.forEach((text, i) => {
      if (text.trim() === '') return;
      rows.push(parseRow(text, `${path}:${firstLine + i}`));
      lines.push(firstLine + i);
      nCharacters += text.length;
    });
    if (rows.length === 0 || (!isGroupFull(rows.length, nCharacters) && progress < 1)) continue;
    yield { rows, lines, progress };
    rows = [];
    lines = [];
    nCharacters = 0;
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
    // Joined once, at its end: to look through a long line again for each piece would take for ever.
    const isEnd = text.includes('\n');
    const texts = isEnd ? (rest + text).split('\n') : [];
    rest = isEnd ? texts.pop()! : rest + text;
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

function parseRow(text: string, where: string): JsonRow {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw dataProblem(
      'data-format',
      where,
      'This line is not JSON; expected one object a line.',
      'A cut-off line is often the end of an incomplete download.',
      error,
    );
  }
  if (!isObject(value)) {
    throw dataProblem('data-format', where, `This line is ${describeValue(value)}; expected one object a line.`);
  }
  return value;
}
