import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { runPaths } from './layout.ts';

/**
 * Removes what a killed trainer left half-written: temporary files, checkpoints and models that never got their names. Only the holder
 * of the run's lock may call this. What a person says about the run is written by others, at any time.
 */
export async function removeLeftovers(runDir: string): Promise<void> {
  const notes = `.${basename(runPaths.annotation(runDir))}.`;
  const folders = [
    runDir,
    runPaths.checkpoints(runDir),
    dirname(runPaths.rankings(runDir, 'test')),
    runPaths.devScoresFolder(runDir),
  ];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => [] as string[]);
    for (const name of names) {
      if (name.endsWith('.tmp') && !name.startsWith(notes))
        await rm(join(folder, name), { recursive: true, force: true });
    }
  }
  await rm(runPaths.reserve(runDir), { recursive: true, force: true });
}
