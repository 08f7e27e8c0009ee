import type { FileHandle } from 'node:fs/promises';
import { openFile } from '../files/open-file.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { dataProblem, fileProblem } from './data-problem.ts';

/**
 * Opens a file for reading. A pipe, a device or a folder is refused: none has a size.
 * @throws ProblemError `data-not-found`, `data-unreadable`
 */
export async function openDataFile(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    const { file, stat } = await openFile(path);
    return { handle: file, size: stat.size };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw fileProblem(path, error);
    const next = 'Name a file, or the folder of the data set.';
    throw dataProblem('data-unreadable', path, 'This is no regular file.', next, error);
  }
}
