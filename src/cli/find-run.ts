import { existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { nearestName } from '../metrics/nearest-name.ts';
import { ProblemError } from '../protocol/problem.ts';
import { runPaths } from '../runs/layout.ts';
import { listRuns } from '../runs/list-runs.ts';
import type { ListedRun, RunEntry } from '../runs/list-runs.ts';

/** Most candidates that a message names. */
const MAX_NAMED = 5;

/**
 * The run that a person means: `latest`, an id, the unique beginning of one, its last six digits, or a run folder's path.
 * @throws ProblemError `no-run`, `several-runs`, and the run's own problem when its run.json cannot be read
 */
export async function findRun(runsFolder: string, wanted: string): Promise<RunEntry> {
  if (existsSync(runPaths.record(resolve(wanted)))) return findRun(dirname(resolve(wanted)), basename(resolve(wanted)));
  const runs = await listRuns(runsFolder);
  const found = wanted === 'latest' ? runs.slice(0, 1) : matching(runs, wanted);
  if (found.length === 1) return readable(found[0]!);
  if (found.length > 1) throw severalRuns(wanted, found);
  throw noRun(runsFolder, wanted, runs);
}

function matching(runs: readonly ListedRun[], wanted: string): ListedRun[] {
  const same = runs.filter(({ id }) => id === wanted);
  if (same.length > 0 || wanted === '') return same;
  return runs.filter(({ id }) => id.startsWith(wanted) || id.endsWith(`-${wanted}`));
}

function readable(run: ListedRun): RunEntry {
  if (run.isReadable) return run;
  throw new ProblemError(run.problem);
}

function severalRuns(wanted: string, runs: readonly ListedRun[]): ProblemError {
  const names = runs.slice(0, MAX_NAMED).map(({ id }) => id);
  const more = runs.length > MAX_NAMED ? `, and ${runs.length - MAX_NAMED} more` : '';
  return new ProblemError({
    code: 'several-runs',
    message: `"${wanted}" is the beginning of ${runs.length} runs: ${names.join(', ')}${more}.`,
    next: 'Give more of the id.',
  });
}

function noRun(runsFolder: string, wanted: string, runs: readonly ListedRun[]): ProblemError {
  const where = resolve(runsFolder);
  if (runs.length === 0) {
    const message = existsSync(where) ? 'There are no runs in this folder.' : 'There is no such folder of runs.';
    return new ProblemError({ code: 'no-run', message, where, next: 'Start one, or give its folder with --runs.' });
  }
  const meant = nearestName(
    wanted,
    runs.map(({ id }) => id),
  );
  return new ProblemError({
    code: 'no-run',
    message: `There is no run "${wanted}" among the ${runs.length} of this folder.`,
    where,
    next: meant === undefined ? 'The command "runs" lists them.' : `Did you mean ${meant}?`,
  });
}
