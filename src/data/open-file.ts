import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dataProblem, fileProblem } from './data-problem.ts';

/**
 * Opens a file for reading. A pipe, a device or a folder is refused: opening one may wait for ever, and none has a size.
 * @throws ProblemError `data-not-found`, `data-unreadable`
 */
export async function openDataFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    if (!(await stat(path)).isFile()) throw notAFile(path);
    // What is a file now may be a pipe in the next moment; without O_NONBLOCK (undefined on Windows, which is 0 here) that would wait.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await handle.stat();
    if (info.isFile()) return { handle, size: info.size };
    await handle.close();
    throw notAFile(path);
  } catch (error) {
    throw fileProblem(path, error);
  }
}

function notAFile(path: string): Error {
  return dataProblem(
    'data-unreadable',
    path,
    'This is no regular file.',
    'Name a file, or the folder of the data set.',
  );
}
