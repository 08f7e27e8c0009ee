import { MAX_BYTES } from '../config/yaml/limits.ts';
import { readProblem } from '../files/os-problem.ts';
import { readFileUpTo } from '../files/read-text.ts';
import { runPaths } from './layout.ts';

/**
 * The text of a run's experiment; of one that is too large to be read as an experiment so much that a reader sees that.
 * @throws ProblemError `cannot-read`
 */
export function readExperimentText(runDir: string): Promise<string> {
  // One byte more than is read as an experiment: enough to be told that it is too large.
  const path = runPaths.experiment(runDir);
  return readFileUpTo(path, MAX_BYTES + 1).catch((error: unknown) => {
    throw readProblem(error, path);
  });
}
