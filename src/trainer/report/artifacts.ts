import { accessSync, constants, cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Experiment } from '../../config/experiment.ts';
import { errorCode } from '../../files/os-problem.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { runPaths } from '../../runs/layout.ts';
import { foldLog } from '../../runs/log/fold-log.ts';
import type { JobContext } from '../jobs/job-context.ts';
import { tensorBoardFile } from './tensorboard.ts';

type ArtifactsPath = Experiment['artifacts_path'];

/** How each extra output is made in its folder. */
const WRITERS: {
  readonly [K in keyof ArtifactsPath]: (context: JobContext, folder: string) => void | Promise<void>;
} = {
  output_dir: ({ runDir }, folder) => cpSync(runPaths.model(runDir), folder, { recursive: true }),
  checkpoints_dir: ({ runDir }, folder) => cpSync(runPaths.checkpoints(runDir), folder, { recursive: true }),
  logging_dir: ({ runDir }, folder) => {
    for (const path of [runPaths.events(runDir), runPaths.log(runDir), runPaths.testScoresCsv(runDir)]) {
      if (existsSync(path)) cpSync(path, join(folder, path.slice(runDir.length + 1)));
    }
  },
  tensor_board_dir: async ({ runDir, record }, folder) => {
    const { state } = await foldLog(runDir);
    const seconds = Math.floor(record.createdAt / 1000);
    writeFileSync(join(folder, `events.out.tfevents.${seconds}.esci-lab`), tensorBoardFile(state));
  },
};

/** The outputs that the experiment asks for, each with the folder that is its run's own: `<folder>/<run id>/`. */
function wantedArtifacts({ experiment, record }: JobContext): { option: keyof ArtifactsPath; folder: string }[] {
  return (Object.keys(WRITERS) as (keyof ArtifactsPath)[]).flatMap((option) => {
    const path = experiment.artifacts_path[option];
    return path === null ? [] : [{ option, folder: join(resolve(path), record.id) }];
  });
}

/**
 * Refuses, before anything is trained, a path of `artifacts_path` where no folder can be made.
 * @throws ProblemError `artifacts-path`
 */
export function requireArtifactFolders(context: JobContext): void {
  for (const { option, folder } of wantedArtifacts(context)) {
    const existing = nearestExisting(folder);
    const found = statSync(existing).isDirectory() ? whyNotWritable(existing) : `${existing} is a file`;
    if (found === undefined) continue;
    throw new ProblemError({
      code: 'artifacts-path',
      message: `the folder ${folder} cannot be made: ${found}`,
      where: `artifacts_path.${option}`,
      next: 'Name a folder that you may write to, or leave the option out: the run folder holds everything.',
    });
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

function whyNotWritable(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return `${folder} may not be written to (${errorCode(error)})`;
  }
}

/** Removes what was begun; where even that fails, the warning about the output says enough. */
function removeQuietly(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // A file stands where the folder should be, or the disk is gone.
  }
}

/**
 * Writes the extra outputs that the experiment asks for. They are copies: one that cannot be written is a warning of the run, which has
 * everything in its own folder, and leaves no part of itself.
 */
export async function writeArtifacts(context: JobContext): Promise<void> {
  for (const { option, folder } of wantedArtifacts(context)) {
    const isNew = !existsSync(folder);
    try {
      mkdirSync(folder, { recursive: true });
      await WRITERS[option](context, folder);
    } catch (error) {
      if (isNew) removeQuietly(folder);
      context.emit({
        type: 'warning',
        problem: {
          code: 'artifacts-not-written',
          message: `artifacts_path.${option} was not written: ${error instanceof Error ? error.message : String(error)}`,
          where: folder,
          next: 'The run folder holds everything that belongs there; copy it once the reason is gone.',
        },
      });
    }
  }
}
