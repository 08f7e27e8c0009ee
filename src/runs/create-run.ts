import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RUN_VERSION } from '../protocol/run-record.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { newRunId, runPaths } from './layout.ts';
import { writeRecord } from './record.ts';
import { writeProblem } from '../files/os-problem.ts';
import { makeFolder } from '../files/subfolder.ts';
import { renameBusy, writeFileAtomic } from '../files/write-file.ts';

/** What the creator knows about a run before its trainer starts. */
export type NewRun = Omit<RunRecord, 'version' | 'id' | 'status' | 'createdAt'>;

export interface CreatedRun {
  readonly runDir: string;
  readonly record: RunRecord;
}

/**
 * Creates a run folder with `experiment.yml` and a queued `run.json`, all at once: it is built under a hidden name and
 * then renamed, so that no reader sees a part of it. `experimentText` has the overrides of `--set` applied.
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export async function createRun(
  runsFolder: string,
  experimentText: string,
  run: NewRun,
  now = new Date(),
): Promise<CreatedRun> {
  const id = newRunId(run.name, now);
  const record: RunRecord = { ...run, version: RUN_VERSION, id, status: 'queued', createdAt: now.getTime() };
  const runDir = join(runsFolder, id);
  const temp = join(runsFolder, `.new-${id}`);
  try {
    await makeFolder(temp);
    await writeFileAtomic(runPaths.experiment(temp), experimentText);
    await writeRecord(temp, record);
    await renameBusy(temp, runDir);
  } catch (error) {
    await rm(temp, { recursive: true, force: true }).catch(() => undefined);
    throw writeProblem(error, runDir);
  }
  return { runDir, record };
}
