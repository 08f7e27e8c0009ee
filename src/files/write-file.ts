import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '../protocol/problem.ts';

/**
 * Writes a file so that a reader sees the old content or the new one, never a part: temp file in the same folder, fsync,
 * rename. Creates missing folders.
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temp = tempPathFor(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temp, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameBusy(temp, path);
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw writeProblem(error, path);
  }
}

/** Writes a value as indented JSON with a final line end, as `writeFileAtomic` does. */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A name beside `path` that no reader takes for content: hidden, unique. */
export function tempPathFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
}

/** Renames; on Windows, where an open reader makes that fail for a moment, tries again for about two seconds. */
export async function renameBusy(from: string, to: string): Promise<void> {
  for (let waitMs = 10; ; waitMs *= 2) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const isBusy = ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error));
      if (process.platform !== 'win32' || !isBusy || waitMs > 1000) throw error;
      await delay(waitMs);
    }
  }
}

/**
 * Moves a file that cannot be read out of the way as `<name>.broken-<time>` and gives the new path. Nothing is deleted.
 * `now` is in milliseconds since 1970.
 */
export async function setAside(path: string, now = Date.now()): Promise<string> {
  const aside = `${path}.broken-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  await renameBusy(path, aside);
  return aside;
}

/** An operating system's error about `path` in the words of a problem; any other error as it is. */
export function writeProblem(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ProblemError(
      { code: 'disk-full', message: 'The disk is full.', where: path, next: 'Free some space, then resume the run.' },
      { cause: error },
    );
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EBUSY', 'EEXIST'].includes(code)) {
    return new ProblemError(
      {
        code: 'cannot-write',
        message: `Cannot write here (${code}).`,
        where: path,
        next: 'Check who owns the folder, that it is a folder and not open in another program.',
      },
      { cause: error },
    );
  }
  return error;
}

/** The code of an operating system's error, for example `ENOENT`; empty for any other error. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
