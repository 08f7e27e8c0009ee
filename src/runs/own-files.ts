import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../files/os-problem.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { runPaths } from './layout.ts';

/**
 * Refuses a run folder in which something that a trainer would write to is a link, a pipe or a device: folders come with repositories, and
 * what is written through a link changes files elsewhere. To be called before anything is written there.
 * @throws ProblemError `foreign-files`
 */
export async function requireOwnFiles(runDir: string): Promise<void> {
  for (const folder of [
    runDir,
    runPaths.checkpoints(runDir),
    join(runDir, 'rankings'),
    runPaths.devScoresFolder(runDir),
  ]) {
    for (const entry of await entriesOf(folder)) {
      if (entry.isFile() || entry.isDirectory()) continue;
      throw new ProblemError({
        code: 'foreign-files',
        message: `Nothing was written to this run: found ${entry.isSymbolicLink() ? 'a link' : 'a pipe or a device'}, expected files of its own.`,
        where: join(folder, entry.name),
        next: 'Put the file itself there, or start the experiment as a new run.',
      });
    }
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}
