import { readdirSync } from 'node:fs';
import { readJsonObject, type Json } from '../files/json-file.ts';
import { errorCode } from '../files/os-problem.ts';

/** Largest JSON file of a model folder: a config has kilobytes, the index of a large model a megabyte. */
const MOST_BYTES = 16e6;

/**
 * The object in a JSON file of a model folder; `code` is the problem's where it holds anything else.
 * @throws ProblemError `code`, `cannot-read`
 */
export function readModelJson(path: string, code: string): Json {
  return readJsonObject(path, { code, mostBytes: MOST_BYTES });
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
