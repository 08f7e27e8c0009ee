import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ProblemError } from '../vocabulary/problem.ts';
import { errorCode, writeProblem } from './os-problem.ts';

/**
 * Creates a folder and those above it, unless they are there. A recursive `mkdir` of Node says ENOENT on a read-only disk, and tries for
 * ever where no folder can be made (`/proc`).
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export async function makeFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    // Somebody else made it in this moment.
    if (await isFolder(path)) return;
    if (errorCode(error) !== 'ENOENT') throw writeProblem(error, path);
    const next = 'Name a folder of an ordinary disk.';
    throw new ProblemError({ code: 'cannot-write', message: 'No folder can be made here.', where: path, next });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/**
 * Creates folders one in the other below a folder that exists, and gives the innermost. Unlike a recursive `mkdir` it never brings
 * back the outer folder when that was deleted.
 * @throws ProblemError `disk-full`, `cannot-write`; the system's ENOENT when the outer folder is gone
 */
export async function openSubfolder(folder: string, ...names: readonly string[]): Promise<string> {
  let path = folder;
  for (const name of names) {
    path = join(path, name);
    try {
      await mkdir(path);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw writeProblem(error, path);
    }
  }
  return path;
}
