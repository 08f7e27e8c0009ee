import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { runPaths } from './layout.ts';
import { errorCode, writeProblem } from '../files/os-problem.ts';

/** Asks the trainer of a run to write a checkpoint and end: it looks between steps. */
export async function requestStop(runDir: string): Promise<void> {
  try {
    // Never through a link, which would empty a file elsewhere.
    await writeFile(runPaths.stop(runDir), '', { flag: 'wx' });
  } catch (error) {
    // Asked for already.
    if (errorCode(error) === 'EEXIST') return;
    throw writeProblem(error, runPaths.stop(runDir));
  }
}

/** Whether somebody asked the trainer to stop; cheap enough to be called once a step. */
export function isStopRequested(runDir: string): boolean {
  return existsSync(runPaths.stop(runDir));
}

/** Takes the request back, before a trainer is started or once it was followed. */
export async function clearStop(runDir: string): Promise<void> {
  await rm(runPaths.stop(runDir), { recursive: true, force: true });
}
