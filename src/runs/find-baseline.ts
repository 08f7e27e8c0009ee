import type { FactsFromRuns } from '../config/check/run-facts.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { matchRuns, namedRuns, nearestRun } from './find-run.ts';
import type { ListedRun, RunEntry } from './list-runs.ts';

/** Why a text names no baseline, in the parts that a message is made of. */
export interface NoBaseline {
  readonly found: string;
  readonly expected: string;
  /** The id or name that was probably meant. */
  readonly suggestion?: string;
}

/** What the runs of a folder tell an experiment about its baseline; nothing where there are none, which may be of another folder. */
export function baselineFacts(runs: readonly ListedRun[]): Pick<FactsFromRuns, 'wrongBaseline' | 'baselines'> {
  return {
    wrongBaseline(named) {
      const found = runs.length === 0 ? undefined : findBaseline(runs, named);
      return found !== undefined && 'found' in found ? found : undefined;
    },
    baselines: testedRuns(runs).map(({ id, record, annotation }) => ({ id, name: annotation.title ?? record.name })),
  };
}

/** The runs that can be a baseline, in the given order: those whose model was evaluated on test. */
function testedRuns(runs: readonly ListedRun[]): RunEntry[] {
  return runs.filter((run): run is RunEntry => run.isReadable && run.record.test !== undefined);
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

/**
 * The run that `evaluation.baseline` means, as `findBaseline`.
 * @throws ProblemError at `evaluation.baseline`: no such run, several, not tested
 */
export function requireBaseline(runs: readonly ListedRun[], wanted: string, self?: string): RunEntry {
  const found = findBaseline(runs, wanted, self);
  if (!('found' in found)) return found;
  const hint = found.suggestion === undefined ? '' : ` Did you mean ${found.suggestion}?`;
  throw baselineProblem(`Found ${found.found}; expected ${found.expected}.${hint}`, OTHER_BASELINE);
}

export const OTHER_BASELINE =
  'Name a finished run in evaluation.baseline, or leave it out: then differences refer to the pretrained model.';

/** What is wrong with a baseline, at the option that names it. */
export function baselineProblem(message: string, next: string): ProblemError {
  return new ProblemError({ code: 'bad-baseline', message, where: 'evaluation.baseline', next });
}

const TESTED = 'a run whose model was evaluated on the test set';

function nothingFound(others: readonly ListedRun[], wanted: string, isSelf: boolean): NoBaseline {
  if (isSelf) return { found: `"${wanted}", which is this run itself`, expected: 'another run' };
  const expected = 'the id, its beginning, or the name of one that was evaluated on the test set';
  const suggestion = nearestRun(testedRuns(others), wanted);
  const found = `no run "${wanted}" among the ${others.length} of this folder`;
  return { found, expected, ...(suggestion === undefined ? {} : { suggestion }) };
}
