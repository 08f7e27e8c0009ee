import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type {
  FieldState,
  FormProblem,
  FormSection,
  FormState,
  Suggestion,
  TextOnly,
} from '../../protocol/panels/form-data.ts';
import { checkValue } from '../check/check-value.ts';
import { lineCounter, type ConfigProblem } from '../config-problem.ts';
import { formSections } from './form-sections.ts';
import { NO_FACTS_FROM_RUNS } from '../check/run-facts.ts';
import type { FactsFromRuns } from '../check/run-facts.ts';
import type { Option } from '../options/option-kinds.ts';
import { join, keysAt, optionAt, sectionHelpAt } from '../options/option-paths.ts';
import { oneLine } from '../language/outline.ts';
import { checkSource } from '../check/parse-experiment.ts';
import { pairAt, rangeOf, readYaml, resolved, type YamlSource } from '../yaml/yaml-source.ts';

/** What an experiment's text says, option by option: values as they are written, and the validator's words beside each. */
export function formState(text: string, fileName: string, facts = NO_FACTS_FROM_RUNS): FormState {
  const source = readYaml(text);
  const byPlace = problemsByPlace(checkSource(source, fileName, facts).problems);
  // What is said at no place of the form is said about the file.
  const take = (place: string): readonly FormProblem[] => {
    const found = byPlace.get(place) ?? [];
    byPlace.delete(place);
    return found;
  };
  const sections = formSections();
  const fields = sections
    .flatMap((section) => fieldStates(source, section, take))
    .map((field) => ({ ...field, ...optional('suggestions', SUGGESTED[field.path]?.(facts)) }));
  const textOnly = textOnlyKeys(source, take);
  return {
    fields,
    textOnly,
    sections: sections
      .filter(({ path }) => path !== '')
      .map(({ path, isList }) => ({
        path,
        nItems: isList ? itemsAt(source, path).length : 0,
        ...optional('locked', lockOf(source, path, isList)),
        problems: take(path),
      })),
    problems: [...byPlace.values()].flat(),
    isBroken: source.findings.length > 0,
  };
}

/** Options whose values runs have made known. */
const SUGGESTED: Readonly<Record<string, (facts: FactsFromRuns) => readonly Suggestion[]>> = {
  'evaluation.baseline': ({ baselines }) => baselines.map(({ id, name }) => ({ value: id, name })),
};

type Take = (place: string) => readonly FormProblem[];

function fieldStates(source: YamlSource, section: FormSection, take: Take): FieldState[] {
  const { path, isList, fields } = section;
  const lock = lockOf(source, path, isList);
  if (!isList) {
    return fields.map((field) => fieldState(source, field.path, optionAt(field.path)!, take, lock));
  }
  return itemsAt(source, path).flatMap((item, i) => {
    const own = lock ?? (isMap(item) ? undefined : 'This item is no mapping.');
    return fields.map(({ name, path: table }) =>
      fieldState(source, `${path}[${i}].${name}`, optionAt(table)!, take, own),
    );
  });
}

function fieldState(
  source: YamlSource,
  path: string,
  option: Option,
  take: Take,
  lock: string | undefined,
): FieldState {
  const found = lookUp(source, path);
  const target = resolved(source, found?.node);
  const isList = option.kind === 'texts';
  const isMisfit =
    found !== undefined && (isList ? isScalar(target) && target.value !== null : isMap(target) || isSeq(target));
  const misfit = isMisfit ? (isList ? 'It is no list.' : 'It is no single value.') : undefined;
  const common = {
    path,
    isSet: found?.isOwn === true,
    ...optional('locked', lock ?? misfit),
    problems: take(path),
  };
  if (!isList) return { ...common, text: isScalar(target) ? scalarShown(option, target) : excerpt(source, target) };
  if (isSeq(target)) {
    const items = target.items.map((item) => (isScalar(item) ? String(item.value) : excerpt(source, item)));
    return { ...common, items, text: items.join(', ') };
  }
  return { ...common, items: option.default, text: excerpt(source, target) };
}

/** A name or flag as the validator reads it, whatever its case; anything else as it is written. */
function scalarShown(
  option: Option,
  { value, source }: { readonly value: unknown; readonly source?: string | undefined },
): string {
  const isNamed = option.kind === 'choice' || option.kind === 'flag';
  const read = isNamed ? checkValue(option, value).value : undefined;
  if (typeof read === 'string' || typeof read === 'boolean') return String(read);
  return typeof value === 'string' ? value : (source ?? '');
}

interface Found {
  readonly node: unknown;
  /** Whether the text has it in its own place: not through an alias or a merge key. */
  readonly isOwn: boolean;
}

/** What stands at a path; undefined when nothing does. */
function lookUp(source: YamlSource, path: string): Found | undefined {
  let found: Found = { node: source.doc?.contents, isOwn: true };
  for (const key of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    const target = resolved(source, found.node);
    const isOwn = found.isOwn && !isAlias(found.node);
    const pair = pairAt(source, target, key);
    if (isSeq(target)) found = { node: target.items[Number(key)], isOwn };
    else if (pair === undefined) return undefined;
    else found = { node: pair.value.value, isOwn: isOwn && !pair.isMerged };
  }
  return found;
}

/** Why nothing can be edited below a section; undefined where it can, also where the section is not written yet. */
function lockOf(source: YamlSource, path: string, isList: boolean): string | undefined {
  const keys = path === '' ? [] : path.split('.');
  for (let n = 0; n <= keys.length; n++) {
    const found = lookUp(source, keys.slice(0, n).join('.'));
    if (found === undefined) return undefined;
    const { node, isOwn } = found;
    if (isAlias(node) || !isOwn) return 'It comes from an anchor.';
    const isWhole = n === keys.length;
    const fits = isWhole && isList ? isSeq(node) : isMap(node);
    if (!fits && !(node == null || (isScalar(node) && node.value === null))) {
      return isWhole && isList ? 'It is no list.' : 'It is no mapping.';
    }
  }
  return undefined;
}

function itemsAt(source: YamlSource, path: string): readonly unknown[] {
  const node = lookUp(source, path)?.node;
  const list = resolved(source, node);
  return isSeq(list) ? list.items : [];
}

/** Keys that are no option, at the top level and in sections; merge keys among them. */
function textOnlyKeys(source: YamlSource, take: Take): TextOnly[] {
  const placeOf = lineCounter(source.text);
  const inMapping = (path: string): TextOnly[] => {
    const node = path === '' ? source.doc?.contents : lookUp(source, path)?.node;
    if (isSeq(node)) return node.items.flatMap((_item, i) => inMapping(`${path}[${i}]`));
    if (!isMap(node)) return [];
    return node.items.flatMap((pair): TextOnly[] => {
      const range = rangeOf(pair.key);
      if (range === undefined || !isScalar(pair.key)) return [];
      const key = typeof pair.key.value === 'symbol' ? '<<' : String(pair.key.value);
      const below = join(path, key);
      if (keysAt(path).includes(key)) return sectionHelpAt(below) === undefined ? [] : inMapping(below);
      return [
        {
          path: below,
          value: excerpt(source, pair.value),
          line: placeOf(range[0]).line,
          problems: take(`only ${below}`),
        },
      ];
    });
  };
  return inMapping('');
}

/** A node on one line; nothing for nothing. */
function excerpt({ text }: YamlSource, node: unknown): string {
  const range = rangeOf(node);
  return range === undefined ? '' : oneLine(text, range);
}

/** Problems by the path of the field or section that they are shown at, by `only PATH` for keys that are no option, by '' for the file. */
function problemsByPlace(problems: readonly ConfigProblem[]): Map<string, FormProblem[]> {
  const byPlace = new Map<string, FormProblem[]>();
  for (const problem of problems) {
    const place = placeOf(problem);
    byPlace.set(place, [...(byPlace.get(place) ?? []), shown(problem)]);
  }
  return byPlace;
}

function placeOf({ code, path }: ConfigProblem): string {
  if (code === 'unknown-key') return `only ${path}`;
  // Of an item: its list.
  return path.replace(/\[\d+\]$/, '');
}

function shown({ found, expected, suggestion, severity, line, fix }: ConfigProblem): FormProblem {
  const hint = suggestion === undefined || fix !== undefined ? '' : ` Did you mean ${suggestion}?`;
  const message = `Found ${found}, expected ${expected}.${hint}`;
  return { severity, message, line, ...optional('fix', fix?.title) };
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}
