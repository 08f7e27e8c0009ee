import { isMap, isSeq } from 'yaml';
import { findMetric } from '../../metrics/metric-table.ts';
import { contextAt } from './cursor-context.ts';
import { defaultText, optionMarkdown, yamlText } from '../options/describe-option.ts';
import { NO_FACTS_FROM_RUNS, type FactsFromRuns } from '../check/run-facts.ts';
import { BLOCKS } from '../options/names.ts';
import type { Option } from '../options/option-kinds.ts';
import type { OptionKind } from '../../vocabulary/option-kind.ts';
import { join, keysAt, optionAt, sectionHelpAt } from '../options/option-paths.ts';
import { pairAt, pairsOf, rangeOf, readYaml, resolved, type YamlSource } from '../yaml/yaml-source.ts';

/** One entry of a completion list. */
export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'section' | 'value';
  readonly insertText: string;
  /** A few words beside the label. */
  readonly detail: string;
  /** Markdown. */
  readonly documentation: string;
}

/** What can stand at an offset; the items replace offsets `start`…`end`. */
export interface Completions {
  readonly start: number;
  readonly end: number;
  readonly items: readonly Completion[];
}

/** What is known about the key or value at an offset, in Markdown, and the range it is about. */
export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly markdown: string;
}

/** Keys or values that can stand at an offset, also while the file is broken; keys that are there already are left out, runs offered as far as they are known. */
export function completionsAt(text: string, offset: number, { baselines } = NO_FACTS_FROM_RUNS): Completions {
  const context = contextAt(text, offset);
  if (context === undefined) return { start: offset, end: offset, items: [] };
  const { position, path, isInList, start, end } = context;
  if (position === 'value') {
    const runs = path === 'evaluation.baseline' ? baselines.map(baselineItem) : [];
    return { start, end, items: [...runs, ...valueItems(path, isInList)] };
  }
  const hasColon = /^["']?[ \t]*:(?=\s|$)/.test(text.slice(end, end + 40));
  const present = keysPresent(readYaml(text), path, start);
  present.delete(text.slice(start, end));
  const items = keysAt(path)
    .filter((key) => !present.has(key))
    .map((key) => keyItem(path, key, hasColon));
  return { start, end, items };
}

/** The option, section or metric at an offset; undefined where there is nothing to say. */
export function hoverAt(text: string, offset: number): Hover | undefined {
  const context = contextAt(text, offset);
  if (context === undefined || context.start === context.end) return undefined;
  const { position, start, end } = context;
  const word = text.slice(start, end);
  const path = position === 'key' ? join(context.path, word) : context.path;
  const option = optionAt(path);
  const metric = position === 'value' && option?.kind === 'texts' ? findMetric(word) : undefined;
  if (metric !== undefined) return { start, end, markdown: `**${metric.label}**\n\n${metric.definition}` };
  if (option !== undefined) return { start, end, markdown: optionMarkdown(path, option) };
  const help = position === 'key' ? sectionHelpAt(path) : undefined;
  return help === undefined ? undefined : { start, end, markdown: `**${path}**\n\n${help}` };
}

function keyItem(path: string, key: string, hasColon: boolean): Completion {
  const full = join(path, key);
  const option = optionAt(full);
  if (option === undefined) {
    const help = sectionHelpAt(full) ?? '';
    return { label: key, kind: 'section', insertText: hasColon ? key : `${key}:`, detail: help, documentation: help };
  }
  return {
    label: key,
    kind: 'key',
    insertText: hasColon ? key : `${key}: `,
    detail: `default ${defaultText(option).replaceAll('`', '')}`,
    documentation: optionMarkdown(full, option),
  };
}

const VALUES = {
  text: (option) => (option.kind === 'text' ? (option.suggestions ?? []) : []),
  choice: (option) => (option.kind === 'choice' ? option.values : []),
  number: (option) => (option.kind === 'number' && option.default !== null ? [yamlText(option.default)] : []),
  flag: () => ['true', 'false'],
  texts: (option) => (option.kind === 'texts' ? option.suggestions : []),
} as const satisfies Record<OptionKind, (option: Option) => readonly string[]>;

function valueItems(path: string, isInList: boolean): Completion[] {
  const option = optionAt(path);
  if (option === undefined) return path.endsWith('[]') && isInList ? blockItems() : [];
  const documentation = optionMarkdown(path, option);
  const preset = 'default' in option ? option.default : undefined;
  const isDefault = (value: string) => preset !== undefined && String(preset) === value;
  const values: readonly string[] = VALUES[option.kind](option);
  // An example of a number says more than the default alone; for names it is one of them.
  const extra = option.kind === 'number' && !values.includes(option.example) ? [option.example] : [];
  const orNull = 'nullable' in option && option.nullable ? ['null'] : [];
  return [...values, ...extra, ...orNull].map((value) => ({
    label: value,
    kind: 'value',
    insertText: option.kind === 'texts' && !isInList ? `[${value}]` : value,
    detail: value === 'null' ? defaultText(option) : isDefault(value) ? 'default' : (findMetric(value)?.label ?? ''),
    documentation: findMetric(value)?.definition ?? documentation,
  }));
}

function baselineItem({ id, name }: FactsFromRuns['baselines'][number]): Completion {
  return { label: id, kind: 'value', insertText: id, detail: name, documentation: '' };
}

function blockItems(): Completion[] {
  return BLOCKS.map((block) => {
    const insertText = `{ block_name: ${block}, training: true }`;
    return {
      label: insertText,
      kind: 'value',
      insertText,
      detail: '',
      documentation: sectionHelpAt('training_blocks') ?? '',
    };
  });
}

/** Keys of the mapping at a path; of a list's items, the one that the offset is in. */
function keysPresent(source: YamlSource, path: string, offset: number): Set<string> {
  let node: unknown = source.doc?.contents;
  for (const segment of path.split(/\.|(?=\[)/).filter((part) => part !== '')) {
    const target = resolved(source, node);
    if (segment === '[]') {
      node = isSeq(target) ? target.items.findLast((item) => (rangeOf(item)?.[0] ?? Infinity) <= offset) : undefined;
    } else {
      node = pairAt(source, target, segment)?.value.value;
    }
  }
  const map = resolved(source, node);
  return new Set(isMap(map) ? pairsOf(source, map).keys() : []);
}
