import { basename } from 'node:path';
import { load } from 'js-yaml';
import { isObject } from '../../protocol/check.ts';

/** What lists show of an experiment. */
export interface ExperimentSummary {
  readonly model: string;
  readonly data: string;
}

/** The name of the experiment in a file: the file's without `.esci.yml` or another extension. */
export function experimentName(path: string): string {
  return basename(path).replace(/(\.esci)?\.ya?ml$/i, '');
}

/** Model and data of an experiment's text; empty where a broken text does not tell. */
export function summarise(text: string): ExperimentSummary {
  let value: unknown;
  try {
    value = load(text);
  } catch {
    value = undefined;
  }
  return { model: textAt(value, 'model', 'name'), data: textAt(value, 'data', 'uri') };
}

function textAt(value: unknown, section: string, key: string): string {
  const inner = isObject(value) ? value[section] : undefined;
  const found = isObject(inner) ? inner[key] : undefined;
  return typeof found === 'string' ? found : '';
}
