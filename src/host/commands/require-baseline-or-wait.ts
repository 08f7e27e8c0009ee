import type { Experiment } from '../../config/experiment.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { requireBaseline } from '../../runs/find-baseline.ts';
import { matchRuns } from '../../runs/find-run.ts';
import type { ListedRun } from '../../runs/list-runs.ts';
import type { Lab } from '../lab.ts';
import { isOver } from '../../vocabulary/status.ts';

/**
 * Looks for the baseline that an experiment names before its run is created: the trainer would end at once without it.
 * @throws ProblemError `bad-baseline`
 */
export async function requireBaselineOrWait(
  { runs, trainers }: Lab,
  runsFolder: string,
  { evaluation: { baseline } }: Experiment,
): Promise<void> {
  if (baseline === null) return;
  await runs.refresh();
  const beside = runs.runs.filter((live) => live.runsFolder === runsFolder).map(({ run }) => run);
  // One that is at work, or waits itself, may have its results when the turn of this one comes.
  if (trainers.wouldWait() && isUnderWay(matchRuns(beside, baseline))) return;
  try {
    requireBaseline(beside, baseline);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    throw new ProblemError({ ...error.problem, message: `Not started. ${error.problem.message}` }, { cause: error });
  }
}

function isUnderWay([run, ...others]: readonly ListedRun[]): boolean {
  return run?.isReadable === true && others.length === 0 && !isOver(run.status);
}
