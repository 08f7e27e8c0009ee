import { ProblemError } from '../vocabulary/problem.ts';

/** The code of an operating system's error, for example `ENOENT`; empty for any other error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

type Wording = (code: string) => { readonly code: string; readonly message: string; readonly next: string };

const diskFull: Wording = (code) => ({
  code: 'disk-full',
  message: code === 'EDQUOT' ? 'The quota of this user is used up.' : 'The disk is full.',
  next: 'Free some space, then resume the run.',
});

const cannotWrite: Wording = (code) => ({
  code: 'cannot-write',
  message: `Cannot write here (${code}).`,
  next: 'Check who owns the folder, that it is a folder and not open in another program.',
});

/** What a write may be refused with, by the system's code. */
const OF_WRITING: ReadonlyMap<string, Wording> = new Map<string, Wording>([
  ['ENOSPC', diskFull],
  ['EDQUOT', diskFull],
  [
    'EFBIG',
    () => ({
      code: 'file-too-large',
      message: 'The file would be larger than this file system or the limit of this user (ulimit -f) allows.',
      next: 'Raise the limit or put the runs folder on another file system, then resume the run.',
    }),
  ],
  [
    'EIO',
    () => ({
      code: 'disk-broken',
      message: 'The disk reports an error of its own (EIO).',
      next: 'Look at the log of the system; put the runs folder on another disk.',
    }),
  ],
  ...['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EBUSY', 'EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ELOOP'].map(
    (code) => [code, cannotWrite] as const,
  ),
]);

/** An operating system's error while writing to `path` in the words of a problem; any other error as it is. */
export function writeProblem(error: unknown, path: string): unknown {
  const code = errorCode(error);
  const wording = OF_WRITING.get(code);
  return wording === undefined ? error : new ProblemError({ ...wording(code), where: path }, { cause: error });
}

/** An operating system's error while reading `path` in the words of a problem; any other error as it is. */
export function readProblem(error: unknown, path: string): unknown {
  const code = errorCode(error);
  // Node's own errors are bugs of the caller.
  if (code === '' || code.startsWith('ERR_')) return error;
  return cannotRead(path, code === 'ENOENT' ? 'There is no such file.' : `This file cannot be read (${code}).`, error);
}

/** The problem of a folder, a pipe or a device where a file is expected. */
export function notAFile(path: string): ProblemError {
  return cannotRead(path, 'This is no ordinary file.');
}

function cannotRead(path: string, message: string, cause?: unknown): ProblemError {
  const next = 'Check that it is there, that it is a file, and who may read it.';
  return new ProblemError({ code: 'cannot-read', message, where: path, next }, { cause });
}
