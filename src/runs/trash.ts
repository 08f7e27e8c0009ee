/** Deleted runs wait in `.trash` of the runs folder: the systems' own trash does not exist on remote machines. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../vocabulary/problem.ts';
import { TRASH } from './layout.ts';
import { hasTrainer, livenessOf } from './liveness.ts';
import { readRecord } from './record.ts';
import { isRunLocked } from './run-lock.ts';
import { errorCode, writeProblem } from '../files/os-problem.ts';
import { makeFolder } from '../files/subfolder.ts';
import { renameBusy } from '../files/write-file.ts';

/**
 * Moves a run to the trash.
 * @throws ProblemError `run-active` while its process lives, `no-run`, `cannot-write`
 */
export async function moveToTrash(runsFolder: string, id: string): Promise<void> {
  const runDir = join(runsFolder, id);
  if (await isActive(runDir)) {
    throw new ProblemError({
      code: 'run-active',
      message: 'This run is still going on.',
      where: runDir,
      next: 'Stop it, then delete it.',
    });
  }
  await makeFolder(join(runsFolder, TRASH));
  await move(runDir, join(runsFolder, TRASH, id));
}

/**
 * Takes a run back from the trash.
 * @throws ProblemError `no-run` when it is not there any more, `cannot-write`
 */
export async function restoreFromTrash(runsFolder: string, id: string): Promise<void> {
  await move(join(runsFolder, TRASH, id), join(runsFolder, id));
}

/** Ids of the runs in the trash, newest first. */
export async function listTrash(runsFolder: string): Promise<string[]> {
  try {
    return (await readdir(join(runsFolder, TRASH))).sort().reverse();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Deletes what is in the trash, for good. */
export async function purgeTrash(runsFolder: string): Promise<void> {
  const trash = join(runsFolder, TRASH);
  try {
    await rm(trash, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    throw writeProblem(error, trash);
  }
}

/** A run that cannot be read can be deleted all the same; one whose trainer has it, but has not said so in run.json yet, cannot. */
async function isActive(runDir: string): Promise<boolean> {
  try {
    if (await isRunLocked(runDir)) return true;
    return hasTrainer(await livenessOf(runDir, await readRecord(runDir)));
  } catch (error) {
    // No such run, which the move tells, or one without a record.
    if (error instanceof ProblemError || errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function move(from: string, to: string): Promise<void> {
  try {
    await renameBusy(from, to);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      const next = 'It was moved or deleted meanwhile.';
      throw new ProblemError({ code: 'no-run', message: 'There is no such run.', where: from, next }, { cause: error });
    }
    throw writeProblem(error, from);
  }
}
