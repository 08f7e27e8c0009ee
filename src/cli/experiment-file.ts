import { resolve } from 'node:path';
import type { ConfigProblem } from '../config/config-problem.ts';
import type { FactsFromRuns } from '../config/check/run-facts.ts';
import { MAX_BYTES } from '../config/yaml/limits.ts';
import { parseExperiment } from '../config/check/parse-experiment.ts';
import type { Experiment } from '../config/experiment.ts';
import { setOption } from '../config/edit/set-option.ts';
import { readYaml } from '../config/yaml/yaml-source.ts';
import type { Problem } from '../vocabulary/problem.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { readTextUpTo } from '../files/read-text.ts';
import { errorCode } from '../files/os-problem.ts';
import type { Paint } from './format/paint.ts';

/** An experiment's file, read and checked, with the overrides of `--set` applied. */
export interface CheckedExperimentFile {
  /** As the person gave it. */
  readonly file: string;
  readonly path: string;
  readonly text: string;
  /** Undefined when there is an error among the problems, or an override that cannot be applied. */
  readonly experiment: Experiment | undefined;
  readonly problems: readonly ConfigProblem[];
  /** What is wrong with the overrides. */
  readonly setProblems: readonly Problem[];
}

/**
 * Reads an experiment; what is wrong with its text is among its problems.
 * @throws ProblemError `file-unreadable`
 */
export async function readExperimentFile(
  file: string,
  overrides: readonly string[],
  known?: FactsFromRuns,
): Promise<CheckedExperimentFile> {
  const path = resolve(file);
  const text = await readText(file, path);
  return { file, path, ...checkText(text, file, overrides, known) };
}

/** The text of an experiment with overrides, and what is wrong with it. Overrides need a text without syntax errors. */
export function checkText(
  original: string,
  file: string,
  overrides: readonly string[],
  known?: FactsFromRuns,
): Omit<CheckedExperimentFile, 'file' | 'path'> {
  let text = original;
  const setProblems: Problem[] = [];
  for (const override of readYaml(original).findings.length > 0 ? [] : overrides) {
    try {
      text = setOption(text, override);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      setProblems.push(error.problem);
    }
  }
  const parsed = parseExperiment(text, file, known);
  const experiment = 'experiment' in parsed && setProblems.length === 0 ? parsed.experiment : undefined;
  return { text, experiment, problems: parsed.problems, setProblems };
}

/** A line such as `model.yml:3:5: error: learning_rate: found "fast", expected a number > 0`. */
export function problemLine({ file, line, column, severity, message }: ConfigProblem, paint: Paint): string {
  const shown = paint(severity === 'error' ? 'red' : 'yellow', `${severity}:`);
  return `${paint('bold', `${file}:${line}:${column}:`)} ${shown} ${message}`;
}

async function readText(file: string, path: string): Promise<string> {
  try {
    // One byte more than is read as an experiment: enough to be told that it is too large.
    return await readTextUpTo(path, MAX_BYTES + 1);
  } catch (error) {
    const code = errorCode(error);
    const found: Readonly<Record<string, string>> = {
      ENOENT: 'There is no such file.',
      EISDIR: 'Found a folder, expected an experiment file (YAML).',
      EACCES: 'The file may not be read (EACCES).',
    };
    const message = found[code];
    if (message === undefined) throw error;
    const next = 'Give the path of an experiment, for example configs/quickstart.yml.';
    throw new ProblemError({ code: 'file-unreadable', message, where: file, next }, { cause: error });
  }
}
