import { ProblemError } from '../vocabulary/problem.ts';
import { checkRunRecord } from '../protocol/run-record.ts';
import { RUN_VERSION } from '../protocol/run-record.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { runPaths } from './layout.ts';
import { readJson } from './read-json.ts';
import type { JsonFile } from './read-json.ts';
import { setAside, writeJsonAtomic } from '../files/write-file.ts';

const RECORD: JsonFile<RunRecord> = { name: 'run.json', check: checkRunRecord, newestVersion: RUN_VERSION };

/**
 * Reads `run.json` of a run folder.
 * @throws ProblemError `no-run` (no such file), `newer-version`, `broken-file`
 */
export async function readRecord(runDir: string): Promise<RunRecord> {
  const record = await readJson(runPaths.record(runDir), RECORD);
  if (record !== undefined) return record;
  throw new ProblemError({
    code: 'no-run',
    message: 'This is not a run folder: it has no run.json.',
    where: runDir,
    next: 'Check the run’s id and the runs folder.',
  });
}

/**
 * Writes `run.json`. A present file that cannot be read is set aside first, never overwritten.
 * @throws ProblemError `newer-version` when the present file is of a newer version, `disk-full`, `cannot-write`
 */
export async function writeRecord(runDir: string, record: RunRecord): Promise<void> {
  const checked = checkRunRecord(record);
  if (!checked.ok) throw new TypeError(`Not a run record: ${JSON.stringify(checked.wrongs)}`);
  await keepBroken(runPaths.record(runDir), RECORD);
  await writeJsonAtomic(runPaths.record(runDir), record);
}

/** Writes `run.json` with some fields changed and gives the new record. The run's only writer at that time calls this. */
export async function updateRecord(runDir: string, changes: Partial<RunRecord>): Promise<RunRecord> {
  const record = { ...(await readRecord(runDir)), ...changes };
  await writeRecord(runDir, record);
  return record;
}

/** Sets the file at `path` aside when it cannot be read as what it should be; refuses one of a newer version. */
export async function keepBroken<T>(path: string, file: JsonFile<T>): Promise<void> {
  try {
    await readJson(path, file);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'broken-file') throw error;
    await setAside(path);
  }
}
