import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { notAFile } from './os-problem.ts';

/** Windows, which has no such flag, has no pipes among its files either. */
const WITHOUT_WAITING = (constants.O_NONBLOCK as number | undefined) ?? 0;

/**
 * Opens a file of a folder that anybody may have filled for reading. A pipe, which is waited for until somebody writes to it, and a
 * device, which may have no end, are refused.
 * @throws ProblemError `cannot-read` for what is no ordinary file; the system's error where there is none
 */
export async function openOrdinary(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | WITHOUT_WAITING);
  try {
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    await file.close();
    throw error;
  }
  await file.close();
  throw notAFile(path);
}
