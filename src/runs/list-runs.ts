import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../vocabulary/problem.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { NO_ANNOTATION } from '../protocol/run-annotation.ts';
import type { RunAnnotation } from '../protocol/run-annotation.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { annotate, readAnnotation } from './annotation.ts';
import { parseRunId, runPaths } from './layout.ts';
import { judgeRun } from './judge-run.ts';
import type { Liveness } from './liveness.ts';
import type { ShownStatus } from '../vocabulary/status.ts';
import { readRecord } from './record.ts';
import { errorCode } from '../files/os-problem.ts';

/** A run of a runs folder as lists show it. */
export interface RunEntry {
  readonly isReadable: true;
  readonly id: string;
  readonly runDir: string;
  readonly record: RunRecord;
  readonly annotation: RunAnnotation;
  readonly status: ShownStatus;
  /** Of an active run only. */
  readonly liveness: Liveness | undefined;
  /** Set when `annotation.json` cannot be read; the run shows without it. */
  readonly annotationProblem: Problem | undefined;
}

/** A run folder whose `run.json` is missing, broken or of a newer version: shown with its reason, never hidden. */
export interface UnreadableRun {
  readonly isReadable: false;
  readonly id: string;
  readonly runDir: string;
  readonly problem: Problem;
}

export type ListedRun = RunEntry | UnreadableRun;

/** A listed run with what tells whether its files have changed since. */
interface Scanned {
  readonly run: ListedRun;
  readonly signature: string;
}

/** Runs by id, as scanned; opaque: give it to the next scan. */
export type Scan = ReadonlyMap<string, Scanned>;

/** Folders looked at together; more than the file system's threads only waits in memory. */
const AT_ONCE = 32;

/** All runs of a runs folder, newest first; none when the folder does not exist. */
export async function listRuns(runsFolder: string): Promise<ListedRun[]> {
  return runsOf(await scanRuns(runsFolder));
}

/** The runs of a scan, newest first. */
export function runsOf(scan: Scan): ListedRun[] {
  return [...scan.values()].map(({ run }) => run).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/**
 * Looks at all runs again; files that are unchanged since `previous` are not read again. Liveness of active runs always is.
 * A run that did not change in any way keeps its object.
 */
export async function scanRuns(runsFolder: string, previous: Scan = new Map()): Promise<Scan> {
  const names = await folderNames(runsFolder);
  const scan = new Map<string, Scanned>();
  for (let i = 0; i < names.length; i += AT_ONCE) {
    const part = names.slice(i, i + AT_ONCE);
    const scanned = await Promise.all(part.map((id) => scanRunOrProblem(join(runsFolder, id), id, previous.get(id))));
    scanned.forEach((found, j) => found !== undefined && scan.set(part[j]!, found));
  }
  return scan;
}

/**
 * Makes a run the one baseline of its runs folder, or leaves the folder without one.
 * @throws ProblemError `no-run`, and as `annotate` does
 */
export async function markBaseline(runsFolder: string, id: string | undefined): Promise<void> {
  if (id !== undefined) await readRecord(join(runsFolder, id));
  for (const run of await listRuns(runsFolder)) {
    const isBaseline = run.id === id;
    if (run.isReadable && run.annotation.isBaseline !== isBaseline) await annotate(run.runDir, { isBaseline });
  }
}

async function folderNames(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((e) => !e.name.startsWith('.') && !e.isFile()).map((e) => e.name);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function scanRunOrProblem(
  runDir: string,
  id: string,
  previous: Scanned | undefined,
): Promise<Scanned | undefined> {
  try {
    return await scanRun(runDir, id, previous);
  } catch (error) {
    return { run: { isReadable: false, id, runDir, problem: problemOf(error, runDir) }, signature: '' };
  }
}

async function scanRun(runDir: string, id: string, previous: Scanned | undefined): Promise<Scanned | undefined> {
  const marks = await Promise.all([mark(runPaths.record(runDir)), mark(runPaths.annotation(runDir))]);
  // A folder of another kind is not ours to show; one with a run's name that lost its run.json is.
  if (marks[0] === '' && parseRunId(id) === undefined) return undefined;
  const signature = marks.join();
  const isSame = previous?.signature === signature;
  const run = isSame ? previous.run : await readRun(runDir, id);
  if (!run.isReadable) return isSame ? previous : { run, signature };
  const judged = await judgeRun(runDir, run.record);
  if (isSame && run.liveness === judged.liveness && run.record === judged.record) return previous;
  return { run: { ...run, ...judged }, signature };
}

/** What changes whenever a file is replaced; empty when there is no file. */
async function mark(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    return '';
  }
}

async function readRun(runDir: string, id: string): Promise<ListedRun> {
  try {
    const record = await readRecord(runDir);
    const notes = await readAnnotationOrProblem(runDir);
    return { isReadable: true, id, runDir, record, ...notes, status: record.status, liveness: undefined };
  } catch (error) {
    return { isReadable: false, id, runDir, problem: problemOf(error, runDir) };
  }
}

async function readAnnotationOrProblem(
  runDir: string,
): Promise<{ annotation: RunAnnotation; annotationProblem: Problem | undefined }> {
  try {
    return { annotation: await readAnnotation(runDir), annotationProblem: undefined };
  } catch (error) {
    return { annotation: NO_ANNOTATION, annotationProblem: problemOf(error, runDir) };
  }
}

/** One unreadable folder (no permission, a dying disk) must not hide the others. */
function problemOf(error: unknown, where: string): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { code: 'cannot-read', message: `Cannot read this run: ${String(error)}`, where };
}
