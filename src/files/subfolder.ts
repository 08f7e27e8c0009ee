import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, writeProblem } from './os-problem.ts';

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
