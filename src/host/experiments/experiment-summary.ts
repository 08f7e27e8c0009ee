import { counted, writtenNumber } from '../../vocabulary/words/number.ts';
import { checkSource } from '../../config/check/parse-experiment.ts';
import { readYaml, type YamlSource } from '../../config/yaml/yaml-source.ts';
import { isObject } from '../../vocabulary/check.ts';

/** What lists show of an experiment. */
export interface ExperimentSummary {
  readonly model: string;
  readonly data: string;
  /** How it trains in a few words, or how many problems it has. */
  readonly settings: string;
}

/** Model, data and settings of an experiment's text; empty where a broken text does not tell. */
export function summariseExperiment(text: string): ExperimentSummary {
  const source = readYaml(text);
  const { value } = source;
  return { model: textAt(value, 'model', 'name'), data: textAt(value, 'data', 'uri'), settings: settingsOf(source) };
}

function settingsOf(source: YamlSource): string {
  const parsed = checkSource(source, '');
  if (!('experiment' in parsed)) {
    const nErrors = parsed.problems.filter(({ severity }) => severity === 'error').length;
    const isMore = parsed.problems.some(({ code }) => code === 'more-problems');
    return isMore ? `more than ${counted(nErrors - 1, 'problem')}` : counted(nErrors, 'problem');
  }
  const { model, hyperparameters: options } = parsed.experiment;
  const epochs = counted(options.num_epochs, 'epoch');
  return `${model.type} · ${options.loss_function} · ${epochs} · rate ${writtenNumber(options.learning_rate)}`;
}

function textAt(value: unknown, section: string, key: string): string {
  const inner = isObject(value) ? value[section] : undefined;
  const found = isObject(inner) ? inner[key] : undefined;
  return typeof found === 'string' ? found : '';
}
