import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { supersede } from '../protocol/run-state.ts';
import { runPaths } from '../runs/layout.ts';
import { readEvents } from '../runs/read-events.ts';
import type { JobContext } from './job-context.ts';
import { tensorBoardFile } from './tensorboard.ts';

/** Writes the extra outputs that the experiment's `artifacts_path` asks for, each as `<folder>/<run id>/`; the run folder stays the only truth. */
export async function writeArtifacts({ experiment, runDir, record }: JobContext): Promise<void> {
  const { output_dir, checkpoints_dir, logging_dir, tensor_board_dir } = experiment.artifacts_path;
  const open = (folder: string): string => {
    const path = join(resolve(folder), record.id);
    mkdirSync(path, { recursive: true });
    return path;
  };
  if (output_dir !== null) cpSync(runPaths.model(runDir), open(output_dir), { recursive: true });
  if (checkpoints_dir !== null) cpSync(runPaths.checkpoints(runDir), open(checkpoints_dir), { recursive: true });
  if (logging_dir !== null) {
    const folder = open(logging_dir);
    for (const path of [runPaths.events(runDir), runPaths.log(runDir), runPaths.testScoresCsv(runDir)]) {
      if (existsSync(path)) cpSync(path, join(folder, path.slice(runDir.length + 1)));
    }
  }
  if (tensor_board_dir !== null) {
    const events = supersede((await readEvents(runDir)).events);
    const seconds = Math.floor(record.createdAt / 1000);
    writeFileSync(join(open(tensor_board_dir), `events.out.tfevents.${seconds}.esci-lab`), tensorBoardFile(events));
  }
}
