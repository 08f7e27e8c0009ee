import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearestName } from '../metrics/nearest-name.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { runPaths } from './layout.ts';
import { listRuns } from './list-runs.ts';
import type { ListedRun, RunEntry } from './list-runs.ts';

/** Most candidates that a message names. */
const MAX_NAMED = 5;

/**
 * The run that a person means in a terminal: `latest`, a run folder's path, or what `matchRuns` takes.
 * @throws ProblemError `no-run`, `several-runs`, and the run's own problem when its run.json cannot be read
 */
export async function findRun(runsFolder: string, wanted: string): Promise<RunEntry> {
  const run = await findListedRun(runsFolder, wanted);
  if (!run.isReadable) throw new ProblemError(run.problem);
  return run;
}

/**
 * As `findRun`, for what can be done with a run whose run.json cannot be read.
 * @throws ProblemError `no-run`, `several-runs`
 */
export async function findListedRun(runsFolder: string, wanted: string): Promise<ListedRun> {
  const folder = resolve(wanted);
  if (existsSync(runPaths.record(folder))) return findListedRun(dirname(folder), basename(folder));
  const runs = await listRuns(runsFolder);
  const found = wanted === 'latest' ? runs.slice(0, 1) : matchRuns(runs, wanted);
  if (found.length > 1) throw severalRuns(wanted, found);
  const run = found[0];
  if (run === undefined) throw noRun(runsFolder, wanted, runs);
  return run;
}

/** The runs that a text may mean, by the first of these that fits any: the id; its beginning or last six digits; the run's title or name. */
export function matchRuns<R extends ListedRun>(runs: readonly R[], wanted: string): R[] {
  if (wanted === '') return [];
  const ways: readonly ((run: R) => boolean)[] = [
    ({ id }) => id === wanted,
    ({ id }) => id.startsWith(wanted) || id.endsWith(`-${wanted}`),
    (run) => run.isReadable && [run.annotation.title, run.record.name].includes(wanted),
  ];
  return ways.map((fits) => runs.filter(fits)).find((found) => found.length > 0) ?? [];
}

/** The id or name of a run that is nearest to what was written, for a "did you mean". */
export function nearestRun(runs: readonly ListedRun[], wanted: string): string | undefined {
  const names = runs.flatMap((run) => (run.isReadable ? [run.annotation.title ?? run.record.name] : []));
  return nearestName(wanted, [...runs.map(({ id }) => id), ...names]);
}

/** The first few runs in words, for a message about several. */
export function namedRuns(runs: readonly ListedRun[]): string {
  const names = runs.slice(0, MAX_NAMED).map(({ id }) => id);
  return `${names.join(', ')}${runs.length > MAX_NAMED ? `, and ${runs.length - MAX_NAMED} more` : ''}`;
}

function severalRuns(wanted: string, runs: readonly ListedRun[]): ProblemError {
  return new ProblemError({
    code: 'several-runs',
    message: `"${wanted}" may mean any of ${runs.length} runs: ${namedRuns(runs)}.`,
    next: 'Give more of the id.',
  });
}

function noRun(runsFolder: string, wanted: string, runs: readonly ListedRun[]): ProblemError {
  const where = resolve(runsFolder);
  if (runs.length === 0) {
    const message = existsSync(where) ? 'There are no runs in this folder.' : 'There is no such folder of runs.';
    return new ProblemError({ code: 'no-run', message, where, next: 'Start one, or give its folder with --runs.' });
  }
  const meant = nearestRun(runs, wanted);
  return new ProblemError({
    code: 'no-run',
    message: `There is no run "${wanted}" among the ${runs.length} of this folder.`,
    where,
    next: meant === undefined ? 'The command "runs" lists them.' : `Did you mean ${meant}?`,
  });
}
