import type { Experiment } from '../config/experiment.ts';
import { requireBaseline } from '../runs/find-baseline.ts';
import { listRuns } from '../runs/list-runs.ts';

/**
 * Looks for the baseline that an experiment names before its run is created: the trainer would end at once without it.
 * @throws ProblemError `bad-baseline`
 */
export async function requireStoredBaseline(
  runsFolder: string,
  { evaluation: { baseline } }: Experiment,
): Promise<void> {
  if (baseline !== null) requireBaseline(await listRuns(runsFolder), baseline);
}
