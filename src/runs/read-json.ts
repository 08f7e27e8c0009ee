import { formatWrongs } from '../vocabulary/check.ts';
import type { Checked } from '../vocabulary/check.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { openFile } from '../files/open-file.ts';
import { errorCode } from '../files/os-problem.ts';

/** What a file of a run folder is and how it is checked. */
export interface JsonFile<T> {
  /** For messages and problem codes, for example `run.json`. */
  readonly name: string;
  readonly check: (value: unknown) => Checked<T>;
  /** Newest version that this program knows, for files that carry one. */
  readonly newestVersion?: number;
  /** Largest size in bytes; 16 MiB without it. */
  readonly maxBytes?: number;
}

/** Larger than any record or note becomes. */
const MAX_BYTES = 1 << 24;

/**
 * Reads and checks a JSON file; undefined when there is none.
 * @throws ProblemError `newer-version` (made by a newer ESCI Lab), `broken-file` (not JSON, or of a wrong shape), `cannot-read` (no
 * ordinary file)
 */
export async function readJson<T>(path: string, file: JsonFile<T>): Promise<T | undefined> {
  let text: string;
  const { name, maxBytes = MAX_BYTES } = file;
  try {
    const { file: handle, stat } = await openFile(path);
    try {
      if (stat.size > maxBytes) {
        throw brokenFile(path, `Found ${stat.size} bytes, expected a ${name} of at most ${maxBytes}.`);
      }
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return parseJson(text, path, file);
}

function parseJson<T>(text: string, path: string, { name, check, newestVersion }: JsonFile<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw brokenFile(path, `This is not a whole ${name}: ${(error as Error).message.slice(0, 200)}.`, error);
  }
  if (newestVersion !== undefined) refuseNewer(value, newestVersion, path);
  const checked = check(value);
  if (!checked.ok) throw brokenFile(path, `This is not a ${name}: ${formatWrongs(checked.wrongs.slice(0, 3))}.`);
  return checked.value;
}

/**
 * Refuses a value whose `version` is above the newest known one, before its shape is looked at.
 * @throws ProblemError `newer-version`
 */
export function refuseNewer(value: unknown, newestVersion: number, where: string): void {
  if (typeof value !== 'object' || value === null || !('version' in value)) return;
  if (typeof value.version !== 'number' || value.version <= newestVersion) return;
  throw new ProblemError({
    code: 'newer-version',
    message: `This was written by a newer ESCI Lab: version ${value.version}; this one knows versions up to ${newestVersion}.`,
    where,
    next: 'Update ESCI Lab to open this run.',
  });
}

function brokenFile(where: string, message: string, cause?: unknown): ProblemError {
  const next =
    'Put back a copy of it, if there is one. The run’s other files are intact, and this one is kept, as *.broken-<time>, when it is written anew.';
  return new ProblemError({ code: 'broken-file', message, where, next }, { cause });
}
