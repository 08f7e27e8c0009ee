import { randomBytes } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '../vocabulary/problem.ts';
import { syncFolder } from './durable.ts';
import { errorCode, writeProblem } from './os-problem.ts';

/**
 * Writes a file so that a reader sees the old content or the new one, never a part, also after a power cut: temp file in the
 * same folder, fsync, rename, fsync of the folder. The folder has to exist: one that was deleted meanwhile does not come back with a
 * single file in it.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`, `folder-gone`
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const temp = tempPathFor(path);
  try {
    const file = await open(temp, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await clearTheWay(path);
    await renameBusy(temp, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temp, { force: true }).catch(() => undefined);
    if (errorCode(error) === 'ENOENT') throw folderGone(dirname(path), error);
    throw writeProblem(error, path);
  }
}

function folderGone(where: string, cause: unknown): ProblemError {
  const message = 'This folder is not there: it was moved or deleted.';
  return new ProblemError({ code: 'folder-gone', message, where, next: 'Look where it is now.' }, { cause });
}

/** Writes a value as indented JSON with a final line end, as `writeFileAtomic` does. */
export function writeJsonAtomic(path: string, value: unknown): Promise<void> {
  return writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** A name beside `path` that no reader takes for content: hidden, unique. */
export function tempPathFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
}

/** Sets a folder aside that stands where a file is to be: nothing that anybody put there is deleted. */
export async function clearTheWay(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isDirectory() === true) await setAside(path);
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
