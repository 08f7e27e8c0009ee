import { matchRuns, namedRuns, nearestRun } from './find-run.ts';
import type { ListedRun, RunEntry } from './list-runs.ts';

/** Why a text names no baseline, in the parts that a message is made of. */
export interface NoBaseline {
  readonly found: string;
  readonly expected: string;
  /** The id or name that was probably meant. */
  readonly suggestion?: string;
}

/** The runs that can be a baseline, in the given order: those whose model was evaluated on test. */
export function testedRuns<R extends ListedRun>(runs: readonly R[]): (R & RunEntry)[] {
  return runs.filter((run): run is R & RunEntry => run.isReadable && run.record.test !== undefined);
}

/** The run that `evaluation.baseline` means for a run of the same folder; `self`, the id of that run, cannot be its own. */
export function findBaseline(runs: readonly ListedRun[], wanted: string, self?: string): RunEntry | NoBaseline {
  const others = runs.filter(({ id }) => id !== self);
  const found = matchRuns(others, wanted);
  const run = found[0];
  if (run === undefined) return nothingFound(others, wanted, matchRuns(runs, wanted).length > 0);
  if (found.length > 1) {
    return { found: `${found.length} runs that "${wanted}" may mean: ${namedRuns(found)}`, expected: 'the id of one' };
  }
  if (!run.isReadable)
    return { found: `run ${run.id}, which cannot be read: ${run.problem.message}`, expected: TESTED };
  if (run.record.test === undefined) {
    return { found: `run ${run.id}, which is ${run.status} and has no test results`, expected: TESTED };
  }
  return run;
}

const TESTED = 'a run whose model was evaluated on the test set';

function nothingFound(others: readonly ListedRun[], wanted: string, isSelf: boolean): NoBaseline {
  if (isSelf) return { found: `"${wanted}", which is this run itself`, expected: 'another run' };
  const expected = 'the id, its beginning, or the name of one that was evaluated on the test set';
  const suggestion = nearestRun(testedRuns(others), wanted);
  const found = `no run "${wanted}" among the ${others.length} of this folder`;
  return { found, expected, ...(suggestion === undefined ? {} : { suggestion }) };
}
