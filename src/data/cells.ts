import { nearestName } from '../metrics/nearest-name.ts';
import { LABEL_WORDS, LABELS } from '../vocabulary/label.ts';
import type { Label } from '../vocabulary/label.ts';
import type { ProblemError } from '../vocabulary/problem.ts';
import { dataProblem, describeValue } from './data-problem.ts';
import type { Split } from './judged-query.ts';
import type { RowGroup } from './table.ts';

/** The longest text of a cell, in UTF-16 units; no title, query or description comes near it. */
const MAX_CELL = 1_000_000;

/** A value with its place, which is put into words only when there is a problem. */
export interface Cell {
  readonly value: unknown;
  readonly group: RowGroup;
  readonly row: number;
  readonly column: string;
}

/** The text of a cell, null when there is none. @throws ProblemError `data-value` */
export function readTextOrNull(cell: Cell): string | null {
  const { value } = cell;
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') throw wrongValue(cell, 'a text');
  if (value.length > MAX_CELL) {
    throw wrongCell(cell, `has ${value.length} characters; expected at most ${MAX_CELL}`);
  }
  return value;
}

/** The text of a cell that must have one. @throws ProblemError `data-value` */
export function readTextCell(cell: Cell): string {
  const value = readTextOrNull(cell);
  if (value === null || value === '') throw wrongCell(cell, 'is empty; expected a text');
  return value;
}

/** An identifier: a text as it is, a whole number (also a float that is one) in decimal digits. @throws ProblemError `data-value` */
export function readIdentifier(cell: Cell): string {
  const { value } = cell;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value.toString();
  if (typeof value === 'number') throw wrongValue(cell, 'a text or a whole number below 2^53');
  return readTextCell(cell);
}

/** Spellings of a flag that is set or not, as data sets and their exports to text write it. */
const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['1.0', true],
  ['true', true],
  ['0', false],
  ['0.0', false],
  ['false', false],
]);

/** A flag: 0 or 1, true or false, as value or text. @throws ProblemError `data-value` */
export function readFlag(cell: Cell): boolean {
  const { value } = cell;
  if (typeof value === 'boolean') return value;
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  const known = isScalar ? FLAGS.get(String(value).toLowerCase()) : undefined;
  if (known === undefined) throw wrongValue(cell, '0 or 1');
  return known;
}

/** Spellings of the labels, in lower case. A Map: an object would take "constructor" for a label. */
const LABEL_NAMES: ReadonlyMap<string, Label> = new Map(
  LABELS.flatMap((label) => [label, LABEL_WORDS[label]].map((name) => [name.toLowerCase(), label] as const)),
);

/** A label: E, S, C, I or its word, in any case. @throws ProblemError `data-label` */
export function readLabel(cell: Cell): Label {
  const { value } = cell;
  const known = typeof value === 'string' ? LABEL_NAMES.get(value.toLowerCase()) : undefined;
  if (known !== undefined) return known;
  const near = typeof value === 'string' ? nearestName(value, Object.values(LABEL_WORDS)) : undefined;
  const message = `The label in the column "${cell.column}" is ${describeValue(value)}; expected E, S, C or I, or Exact, Substitute, Complement or Irrelevant.`;
  throw dataProblem(
    'data-label',
    cell.group.place(cell.row),
    message,
    near === undefined ? undefined : `Did you mean "${near}"?`,
  );
}

/** Names of the splits, in lower case. */
export const SPLIT_NAMES: ReadonlyMap<string, Split> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['dev', 'dev'],
  ['validation', 'dev'],
  ['valid', 'dev'],
  ['val', 'dev'],
  ['test', 'test'],
]);

/** The split that a row belongs to. @throws ProblemError `data-value` */
export function readSplit(cell: Cell): Split {
  const known = typeof cell.value === 'string' ? SPLIT_NAMES.get(cell.value.toLowerCase()) : undefined;
  if (known === undefined) throw wrongValue(cell, '"train", "dev" (or "validation") or "test"');
  return known;
}

function wrongValue(cell: Cell, expected: string): ProblemError {
  return wrongCell(cell, `holds ${describeValue(cell.value)}; expected ${expected}`);
}

function wrongCell({ group, row, column }: Cell, what: string): ProblemError {
  return dataProblem('data-value', group.place(row), `The column "${column}" ${what}.`);
}
