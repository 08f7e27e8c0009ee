import { MAX_BYTES } from '../config/limits.ts';
import { readProblem } from '../files/os-problem.ts';
import { readOrdinaryTextUpTo } from '../files/read-text.ts';
import { runPaths } from './layout.ts';

/**
 * The text of a run's `experiment.yml`; of one that is too large to be an experiment as much as shows that.
 * @throws ProblemError `cannot-read`
 */
export function readExperimentText(runDir: string): Promise<string> {
  const path = runPaths.experiment(runDir);
  return readOrdinaryTextUpTo(path, MAX_BYTES + 1).catch((error: unknown) => {
    throw readProblem(error, path);
  });
}
