import { describe, isObject } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { readWithin } from './file-ranges.ts';

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
  const problem = (found: string, cause?: unknown): ProblemError =>
    new ProblemError(
      { code, message: `${found}; expected a JSON object`, where: path, next: 'Copy or download the file again.' },
      { cause },
    );
  const text = readWithin(path, mostBytes, problem).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw problem(`not JSON: ${(error as Error).message}`, error);
  }
  if (!isObject(value)) throw problem(`found ${shown(value)}`);
  if (isDeep(value)) throw problem(`more than ${MOST_LEVELS} levels of lists and objects`);
  return value;
}

/** A value of a file in a message, as `describe` has it; the file may lack it. */
export function shown(value: unknown): string {
  return value === undefined ? 'missing' : describe(value);
}

function isDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; depth < MOST_LEVELS; depth++) {
    level = level.flatMap((item): unknown[] => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    if (level.length === 0) return false;
  }
  return true;
}
