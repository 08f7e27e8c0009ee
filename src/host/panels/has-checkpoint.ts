import { readdir } from 'node:fs/promises';
import { parseStepName, runPaths } from '../../runs/layout.ts';

/** Whether a run has a checkpoint folder to go on from; the trainer decides whether it is intact. */
export async function hasCheckpoint(runDir: string): Promise<boolean> {
  const names = await readdir(runPaths.checkpoints(runDir)).catch(() => [] as string[]);
  return names.some((name) => parseStepName(name) !== undefined);
}
