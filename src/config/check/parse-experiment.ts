import { isObject } from '../../vocabulary/check.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { checkExperiment } from './check-experiment.ts';
import { describe } from './check-value.ts';
import { locate, toProblem, type ConfigProblem, type Finding } from '../config-problem.ts';
import type { Experiment } from '../experiment.ts';
import type { FactsFromRuns } from './run-facts.ts';
import { limited } from './problem-limit.ts';
import { readYaml, type YamlSource } from '../yaml/yaml-source.ts';

/** An experiment, with warnings at most, or everything that keeps the text from being one. */
export type ParsedExperiment =
  | { readonly experiment: Experiment; readonly problems: readonly ConfigProblem[] }
  | { readonly problems: readonly ConfigProblem[] };

/**
 * Reads the text of an experiment; the file's name is for its problems alone, `facts` for checks against what runs have told.
 * All problems are given at once, in the order of their places, `MAX_PROBLEMS` and the number of the rest at most; it never throws.
 */
export function parseExperiment(text: string, fileName: string, facts?: FactsFromRuns): ParsedExperiment {
  return checkSource(readYaml(text), fileName, facts);
}

/** As `parseExperiment`, of a text that was read already. */
export function checkSource(source: YamlSource, fileName: string, facts?: FactsFromRuns): ParsedExperiment {
  const { text } = source;
  const top = topFinding(source);
  if (top !== undefined) return { problems: locate(fileName, text, limited([...source.findings, top])) };
  const { experiment, findings } = checkExperiment(source, facts);
  const problems = locate(fileName, text, limited([...source.findings, ...findings]));
  return problems.some(({ severity }) => severity === 'error') ? { problems } : { experiment, problems };
}

/**
 * The experiment of a text.
 * @throws ProblemError that lists every error with its line and column.
 */
export function readExperiment(text: string, fileName: string): Experiment {
  const parsed = parseExperiment(text, fileName);
  if (!('experiment' in parsed)) throw new ProblemError(toProblem(parsed.problems));
  return parsed.experiment;
}

/** The smallest experiment's values: every option's default, `model.name` and `data.uri` as given. */
export function experimentDefaults(modelName: string, dataUri: string): Experiment {
  const text = `model: { name: ${JSON.stringify(modelName)} }\ndata: { uri: ${JSON.stringify(dataUri)} }\n`;
  return readExperiment(text, 'defaults');
}

/**
 * Whether a text is meant as an experiment: a mapping with `model` and `data` at its top level. Other YAML is left alone.
 * Answers for broken text too.
 */
export function isExperimentText(text: string): boolean {
  // Most YAML of a workspace is none: two searches are cheaper than a parse.
  if (!/\bmodel\b/.test(text) || !/\bdata\b/.test(text)) return false;
  const { doc, value } = readYaml(text);
  if (isObject(value) && Object.hasOwn(value, 'model') && Object.hasOwn(value, 'data')) return true;
  const isBroken = doc === undefined || doc.errors.length > 0;
  return isBroken && /^["']?model["']?[ \t]*:/m.test(text) && /^["']?data["']?[ \t]*:/m.test(text);
}

/** What is wrong with the file as a whole, which leaves nothing to check. */
function topFinding({ value, text, findings }: YamlSource): Finding | undefined {
  if (isObject(value)) return undefined;
  const isEmpty = value === null || value === undefined;
  // A broken file without any mapping has its syntax to mend first.
  if (findings.length > 0) return undefined;
  const at = isEmpty ? 0 : Math.max(0, text.search(/[^\s\uFEFF]/));
  return {
    severity: 'error',
    code: isEmpty ? 'empty' : 'not-a-mapping',
    path: '',
    found: isEmpty ? 'an empty file' : describe(value),
    expected: 'a mapping with model, data, hyperparameters, …',
    start: at,
    end: isEmpty ? 0 : text.trimEnd().length,
  };
}
