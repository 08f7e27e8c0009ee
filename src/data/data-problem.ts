import { errorCode } from '../files/os-problem.ts';
import { nearestName } from '../metrics/nearest-name.ts';
import { ProblemError } from '../vocabulary/problem.ts';

/** Kinds of problem that reading data can meet; each is a problem's stable code. */
export type DataProblemCode =
  /** Nothing at the path. */
  | 'data-not-found'
  /** The system refuses to read the file. */
  | 'data-unreadable'
  /** No known set of files. */
  | 'data-layout'
  /** A file that is damaged or not of its format. */
  | 'data-format'
  | 'data-columns'
  /** A value of the wrong type, missing or too long. */
  | 'data-value'
  | 'data-label'
  /** Nothing left to train on or to evaluate with. */
  | 'data-empty'
  /** Judgements of products that the products file does not have. */
  | 'data-join';

/** What a person can do about a problem whose place does not tell a better way. */
const NEXT: Readonly<Record<DataProblemCode, string>> = {
  'data-not-found': 'Check data.uri; a relative path starts at the experiment, then at the working folder.',
  'data-unreadable': 'Check the permissions of the file and its disk.',
  'data-layout': 'Point data.uri at a folder in the joined or the official layout.',
  'data-format': 'Copy or download the file again.',
  'data-columns': 'Rename or add the columns, then start again.',
  'data-value': 'Correct the value in the file, or leave the row out, then start again.',
  'data-label': 'Labels are E, S, C and I, or the words; correct the file, then start again.',
  'data-empty': 'Check data.locale and data.version, and that the file has rows of this split.',
  'data-join': 'Take both files from the same release.',
};

/** An expected failure of reading data: what was found and expected, the place, the next step (one for the code unless given). */
export function dataProblem(
  code: DataProblemCode,
  where: string,
  message: string,
  next = NEXT[code],
  cause?: unknown,
): ProblemError {
  return new ProblemError({ code, message, where, next }, { cause });
}

/** Columns of the Shopping Queries Dataset: a name among them is spelt right, so none of them is meant for another. */
const RELEASED_COLUMNS = [
  'example_id',
  'query',
  'query_id',
  'product_id',
  'product_locale',
  'esci_label',
  'small_version',
  'large_version',
  'split',
  'product_title',
  'product_description',
  'product_bullet_point',
  'product_brand',
  'product_color',
];

/** The problem of columns that a table lacks, with the nearest of those it has: misspelt there, or in the experiment. */
export function missingColumns(path: string, missing: readonly string[], found: readonly string[]): ProblemError {
  const hints = missing.flatMap((name) => {
    const isReleased = RELEASED_COLUMNS.includes(name);
    const near = nearestName(name, isReleased ? found.filter((each) => !RELEASED_COLUMNS.includes(each)) : found);
    if (near === undefined) return [];
    return isReleased ? [`Rename "${near}" to "${name}" in the data.`] : [`Did you mean "${near}" by "${name}"?`];
  });
  const which = missing.length === 1 ? 'The column' : 'The columns';
  const message = `${which} ${quotedList(missing)} ${missing.length === 1 ? 'is' : 'are'} missing; found ${quotedList(found)}.`;
  return dataProblem('data-columns', path, message, hints.length > 0 ? hints.join(' ') : undefined);
}

/** A value as a person would name it, cut to a readable length: `the text "abc"`, `the number 42`, `nothing`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)';
  if (typeof value === 'string') return `the text ${quote(value)}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'boolean') return `the truth value ${value}`;
  if (value instanceof Date) return 'a date';
  if (value instanceof Uint8Array) return 'bytes';
  return Array.isArray(value) ? 'a list' : 'a structure';
}

/** A text in quotes, its middle left out when it is long. */
function quote(text: string): string {
  return JSON.stringify(shorten(text));
}

/** A text, its middle left out when it is long. */
export function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}…${text.slice(-10)}`;
}

/** Names in quotes, at most twelve of them. */
export function quotedList(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, 12).map((name) => quote(name));
  return names.length > 12 ? `${shown.join(', ')} and ${names.length - 12} more` : shown.join(', ');
}

/** Turns what the system says about a file into a problem; other errors pass through. */
export function fileProblem(path: string, error: unknown): unknown {
  const code = errorCode(error);
  if (code === 'ENOENT')
    return dataProblem('data-not-found', path, 'There is no such file or folder.', undefined, error);
  if (!/^E[A-Z]+$/.test(code)) return error;
  const message = `This cannot be read: ${(error as Error).message}.`;
  return dataProblem('data-unreadable', path, message, 'Check the permissions of the file and its disk.', error);
}
