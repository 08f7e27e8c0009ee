import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { notAFile } from './os-problem.ts';

/** Without the second flag, which Windows does not know, opening a pipe waits for whoever writes to it. */
const READ_AT_ONCE = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

/**
 * Opens an ordinary file for reading, with its `stat` as it was then. The caller closes it. A pipe, a device or a folder is refused at once:
 * none has a size, and a pipe or a device may have no end.
 * @throws ProblemError `cannot-read` for what is no ordinary file; the system's error where there is nothing to open
 */
export async function openFile(path: string): Promise<{ readonly file: FileHandle; readonly stat: Stats }> {
  const file = await open(path, READ_AT_ONCE);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw notAFile(path);
    return { file, stat };
  } catch (error) {
    await file.close();
    throw error;
  }
}
