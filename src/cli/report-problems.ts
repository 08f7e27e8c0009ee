import type { Cli } from './cli-context.ts';
import { problemLine } from './experiment-file.ts';
import type { CheckedExperimentFile } from './experiment-file.ts';
import { counted } from '../vocabulary/words/number.ts';
import { outJson } from './terminal.ts';

/**
 * Prints all problems of experiments, a line each, and how many there are. `errors` as JSON prints only when there are
 * some, because the command goes on otherwise.
 */
export function reportProblems(
  cli: Cli,
  experiments: readonly CheckedExperimentFile[],
  isJson: boolean,
  what: 'all' | 'errors',
): void {
  const { terminal } = cli;
  const isValid = experiments.every(({ experiment }) => experiment !== undefined);
  if (isJson) {
    if (what === 'errors' && isValid) return;
    const files = experiments.map(({ file, experiment, problems, setProblems }) => ({
      file,
      isValid: experiment !== undefined,
      problems,
      setProblems,
    }));
    outJson(terminal, { type: 'validation', isValid, files });
    return;
  }
  const problems = experiments.flatMap((experiment) => experiment.problems);
  for (const problem of problems) terminal.err(`${problemLine(problem, terminal.paintErr)}\n`);
  const setProblems = experiments.flatMap((experiment) => experiment.setProblems);
  for (const { where = '--set', message } of setProblems) {
    terminal.err(`${terminal.paintErr('bold', `${where}:`)} ${terminal.paintErr('red', 'error:')} ${message}\n`);
  }
  const nErrors = setProblems.length + problems.filter(({ severity }) => severity === 'error').length;
  if (nErrors > 0) terminal.err(`${counted(nErrors, 'error')}\n`);
}
