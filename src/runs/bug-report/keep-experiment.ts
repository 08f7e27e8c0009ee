/** What of an experiment may stand in a problem report: options of the table, with values that are the table's own words, numbers or flags. */
import { stringify } from 'yaml';
import { parseExperiment } from '../../config/check/parse-experiment.ts';
import { join, keysAt, optionAt } from '../../config/options/option-paths.ts';
import type { Option } from '../../config/options/option-kinds.ts';
import { readYaml } from '../../config/yaml/yaml-source.ts';
import { findMetric } from '../../metrics/metric-table.ts';
import { isObject } from '../../vocabulary/check.ts';

/**
 * An experiment's text printed anew as YAML, with `<kind of text>` where a person's own words stood: names of private models and folders are
 * told apart by their kind alone. Comments and keys that are no options are left out. What is wrong with the text follows as comments: code and place.
 */
export function keepExperiment(text: string): string {
  const { value } = readYaml(text);
  const kept = keepMapping('', value);
  const { problems } = parseExperiment(text, 'experiment.yml');
  const wrong = problems.map(({ code, severity, line, column }) => `# ${severity} ${code} at ${line}:${column}\n`);
  return `${stringify(kept ?? {})}${wrong.slice(0, 100).join('')}`;
}

function keepMapping(path: string, value: unknown): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  const entries = keysAt(path).flatMap((key) => {
    if (!Object.hasOwn(value, key)) return [];
    const kept = keepAt(join(path, key), value[key]);
    return kept === undefined ? [] : [[key, kept] as const];
  });
  return Object.fromEntries(entries);
}

function keepAt(path: string, value: unknown): unknown {
  const option = optionAt(path);
  if (option !== undefined) return keepOption(option, value);
  // The table has few list items; a file may have any number.
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => keepMapping(`${path}[]`, item) ?? kindOf(item));
  return keepMapping(path, value) ?? kindOf(value);
}

function keepOption(option: Option, value: unknown): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => ownWord(option, item) ?? kindOf(item));
  return ownWord(option, value) ?? kindOf(value);
}

/** The text as the table spells it, if it is one of its own words. */
function ownWord(option: Option, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (findMetric(value) !== undefined) return value;
  const words = 'values' in option ? option.values : 'suggestions' in option ? (option.suggestions ?? []) : [];
  return words.find((word) => plain(word) === plain(value));
}

/** Choices may be written in any case, with words joined by a blank or `_`. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[ _]/g, '-');
}

/** Shapes of texts, the first that fits; nothing of the text itself. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^$/, '<empty text>'],
  [/^bundled:/, '<bundled name>'],
  [/^(?:[./~\\]|[A-Za-z]:[\\/])/, '<path>'],
  [/^[\w.-]+\/[\w.-]+$/, '<hub id or path>'],
  [/^[-+.\d]+(?:e[-+]?\d+)?$/i, '<number in quotes>'],
];

function kindOf(value: unknown): string {
  if (typeof value !== 'string')
    return Array.isArray(value) ? '<list>' : isObject(value) ? '<mapping>' : `<${typeof value}>`;
  return KINDS.find(([shape]) => shape.test(value))?.[1] ?? '<text>';
}
