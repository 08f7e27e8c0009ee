/**
 * Durability against a power cut: a file that was written is on the disk once it is synced, and its name once the folder
 * that holds it is. (`fsync(2)`: syncing a file does not sync the entry in its folder.)
 */
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, writeProblem } from './os-problem.ts';

/** Windows opens no folder as a file; its file systems keep names in a journal of their own. */
const HAS_FOLDER_SYNC = process.platform !== 'win32';

/** What file systems without a sync (network shares, FUSE) answer, and folders that may be written to but not listed. */
const UNSUPPORTED: readonly string[] = ['EINVAL', 'ENOTSUP', 'ENOSYS', 'EACCES', 'EPERM'];

/**
 * Makes the names in a folder durable: what was created, renamed or removed there. Does nothing where the system has no
 * such call.
 * @throws ProblemError `disk-full`, `disk-broken`, `cannot-write`
 */
export async function syncFolder(folder: string): Promise<void> {
  if (!HAS_FOLDER_SYNC) return;
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!UNSUPPORTED.includes(errorCode(error))) throw writeProblem(error, folder);
  }
}

/** `syncFolder` for callers that do not wait. */
export function syncFolderSync(folder: string): void {
  if (HAS_FOLDER_SYNC) syncPath(folder, 'r');
}

/**
 * Makes a folder durable with everything in it, leaves first: each file, each folder, then the folder itself. Its own name
 * is the matter of the folder above. Links are not followed.
 * @throws ProblemError `disk-full`, `disk-broken`, `cannot-write`
 */
export function syncTree(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) syncTree(path);
    // Windows flushes a file through a handle that may write.
    else if (entry.isFile()) syncPath(path, process.platform === 'win32' ? 'r+' : 'r');
  }
  syncFolderSync(folder);
}

function syncPath(path: string, flags: 'r' | 'r+'): void {
  try {
    const file = openSync(path, flags);
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!UNSUPPORTED.includes(errorCode(error))) throw writeProblem(error, path);
  }
}
