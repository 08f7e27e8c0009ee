import { ProblemError } from '../protocol/problem.ts';
import { openRanges } from './file-ranges.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What a JSON file may be, and the problem where it is not. */
export interface JsonLimits {
  /** Code of the problem. */
  readonly code: string;
  /** Largest file that is read, in bytes. */
  readonly mostBytes: number;
}

/** Levels of lists and objects within each other. Whatever walks deeper values by recursion ends at some thousands. */
const MOST_LEVELS = 100;

/**
 * The object that a JSON file of somebody else holds.
 * @throws ProblemError of the given code where it holds anything else, `cannot-read`
 */
export function readJsonObject(path: string, { code, mostBytes }: JsonLimits): Json {
  const fail = (message: string, cause?: unknown): never => {
    throw new ProblemError(
      { code, message: `${message}; expected a JSON object`, where: path, next: 'Copy or download the file again.' },
      { cause },
    );
  };
  const file = openRanges(path);
  let value: unknown;
  try {
    if (file.size > mostBytes) return fail(`the file has ${file.size} bytes, at most ${mostBytes} are read`);
    const bytes = Buffer.alloc(file.size);
    file.read(0, bytes);
    value = JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return fail(`not JSON: ${(error as Error).message}`, error);
  } finally {
    file.close();
  }
  if (!isObject(value)) return fail(`found ${shown(value)}`);
  return isDeep(value) ? fail(`more than ${MOST_LEVELS} levels of lists and objects`) : value;
}

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of a file in a message: a number or a short text as it stands there, anything else by its kind. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (value === undefined) return 'missing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}

function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
