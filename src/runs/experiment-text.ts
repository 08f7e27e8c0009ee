import { MAX_BYTES } from '../config/limits.ts';
import { readOrdinaryTextUpTo } from '../files/read-text.ts';
import { runPaths } from './layout.ts';

/**
 * The text of a run's `experiment.yml`; of one that is too large to be an experiment as much as shows that.
 * @throws ProblemError `cannot-read` for what is no ordinary file; the system's error where there is none
 */
export function readExperimentText(runDir: string): Promise<string> {
  return readOrdinaryTextUpTo(runPaths.experiment(runDir), MAX_BYTES + 1);
}
