import { nearestName } from '../metrics/nearest-name.ts';
import { ProblemError } from '../protocol/problem.ts';

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

/** An expected failure of reading data: what was found and expected, the place, the next step. */
export function dataProblem(
  code: DataProblemCode,
  where: string,
  message: string,
  next?: string,
  cause?: unknown,
): ProblemError {
  return new ProblemError({ code, message, where, ...(next !== undefined && { next }) }, { cause });
}

/** The problem of columns that a table lacks, with the nearest of those it has. */
export function missingColumns(path: string, missing: readonly string[], found: readonly string[]): ProblemError {
  const guesses = missing.flatMap((name) => {
    const near = nearestName(name, found);
    return near === undefined ? [] : [`"${near}" for "${name}"`];
  });
  const message = `${missing.length === 1 ? 'The column' : 'The columns'} ${list(missing)} ${missing.length === 1 ? 'is' : 'are'} missing; found ${list(found)}.`;
  const next = guesses.length > 0 ? `Did you mean ${guesses.join(', ')}? Rename the column in the data.` : undefined;
  return dataProblem('data-columns', path, message, next);
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
export function quote(text: string): string {
  const short = text.length <= 60 ? text : `${text.slice(0, 40)}…${text.slice(-10)}`;
  return JSON.stringify(short);
}

/** Names in quotes, at most twelve of them. */
export function list(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  const shown = names.slice(0, 12).map((name) => quote(name));
  return names.length > 12 ? `${shown.join(', ')} and ${names.length - 12} more` : shown.join(', ');
}

/** Turns what the system says about a file into a problem; other errors pass through. */
export function fileProblem(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT')
    return dataProblem('data-not-found', path, 'There is no such file or folder.', undefined, error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const message = `This cannot be read: ${(error as Error).message}.`;
  return dataProblem('data-unreadable', path, message, 'Check the permissions of the file and its disk.', error);
}
