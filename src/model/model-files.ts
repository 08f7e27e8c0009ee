import { readdirSync } from 'node:fs';
import { openRanges } from '../files/file-ranges.ts';
import { errorCode } from '../files/os-problem.ts';
import { ProblemError } from '../protocol/problem.ts';

export type Json = Readonly<Record<string, unknown>>;

/** Largest JSON file of a model folder that is read: a config has kilobytes, the index of a large model a megabyte. */
const MOST_BYTES = 16e6;

/**
 * The object in a JSON file of a model folder; `code` is the problem's where it holds anything else.
 * @throws ProblemError `code`, `cannot-read`
 */
export function readModelJson(path: string, code: string): Json {
  const fail = (message: string, cause?: unknown): never => {
    throw new ProblemError(
      { code, message: `${message}; expected a JSON object`, where: path, next: 'Copy or download the file again.' },
      { cause },
    );
  };
  const file = openRanges(path);
  let value: unknown;
  try {
    if (file.size > MOST_BYTES) return fail(`the file has ${file.size} bytes, at most ${MOST_BYTES} are read`);
    const bytes = Buffer.alloc(file.size);
    file.read(0, bytes);
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return fail(`not JSON: ${(error as Error).message}`, error);
  } finally {
    file.close();
  }
  return isObject(value) ? value : fail(`found ${shown(value)}`);
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of a file in a message: a number or a short text as it stands there, anything else by its kind. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === undefined) return 'missing';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What a folder holds, for a message. */
export function listed(folder: string): string {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return errorCode(error) === 'ENOTDIR' ? 'a file' : 'no such folder';
  }
  return names.length === 0 ? 'an empty folder' : names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
}
