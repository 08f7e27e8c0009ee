import { isDeepStrictEqual } from 'node:util';
import { isMap, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { isObject } from '../../vocabulary/check.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { FormChange } from '../../protocol/panels/form-change.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { brokenText } from '../config-problem.ts';
import { removePair } from './cut-edit.ts';
import { yamlText } from '../options/describe-option.ts';
import { appendItem, appendMapping, flowMapping, moveItem, removeItem } from './list-edit.ts';
import { isRequired, join, keysAt, optionAt } from '../options/option-paths.ts';
import { parsed, scalarText, textLike } from '../yaml/scalar-text.ts';
import { applyEdits, editAt, editIn, type TextEdit } from './text-edit.ts';
import { pairAt, readYaml, type KeyedPair, type YamlSource } from '../yaml/yaml-source.ts';

/**
 * The edits that make a change of the form in an experiment's text, in no particular order; they do not overlap. Each replaces
 * no more than it has to: comments, order, blank lines, quotes and unknown keys stay. A value that its option does not accept is
 * written all the same, for the validator to remark on; what is set to its default stays written.
 * @throws ProblemError `cannot-edit` where the text gives no place for it, or would not say afterwards what was meant
 */
export function changeEdits(text: string, change: FormChange): readonly TextEdit[] {
  const source = readYaml(text);
  const broken = source.findings[0];
  if (broken !== undefined) throw refusal(change, brokenText(broken));
  const misfit = misfitOf(change);
  if (misfit !== undefined) throw refusal(change, misfit);
  const { edits, value } = PLANS[change.kind](source, change as never);
  if (edits === undefined) throw refusal(change, 'its section comes from an anchor or is no mapping');
  const after = readYaml(applyEdits(text, edits));
  // An alias whose anchor went, a tag, a style that nobody thought of: the result is read before it is believed.
  if (after.findings.length > 0 || !says(after, source, change.path, value)) {
    throw refusal(change, 'the way it is written leaves no clean edit');
  }
  return edits;
}

interface Plan {
  readonly edits: readonly TextEdit[] | undefined;
  /** The value at the change's path afterwards; undefined when the path is to be gone. */
  readonly value: unknown;
}

type Change<K extends FormChange['kind']> = Extract<FormChange, { kind: K }>;

const PLANS: { readonly [K in FormChange['kind']]: (source: YamlSource, change: Change<K>) => Plan } = {
  set: planValue,
  reset: planReset,
  addItem: planItem,
  removeItem: (source, { path, index }) =>
    planList(
      source,
      path,
      (items) => items.toSpliced(index, 1),
      (list) => only(removeItem(source, list, index)),
    ),
  moveItem: (source, { path, from, to }) =>
    planList(
      source,
      path,
      (items) => items.toSpliced(from, 1).toSpliced(to, 0, items[from]),
      (list) => moveItem(source, list, from, to),
    ),
};

/** Why the option at the path is none that such a change is for; undefined when it is one. What is no option can still be taken out. */
function misfitOf({ kind, path }: FormChange): string | undefined {
  if (kind === 'reset') return undefined;
  const option = optionAt(path);
  const isList = option === undefined ? keysAt(`${path}[]`).length > 0 : option.kind === 'texts';
  if (option === undefined && !isList) return 'it is no option';
  if (kind === 'set') return isList ? 'it is a list, not one value' : undefined;
  return isList ? undefined : 'it is one value, not a list';
}

function planValue(source: YamlSource, { path, value }: Change<'set'>): Plan {
  const written = scalarText(optionAt(path)!, value, ownPair(source, path)?.pair.value.value);
  const { map, keys } = homeOf(source, path);
  const edit = path.includes('[') ? editIn(source, map, keys, written) : editOwn(source, keys, written);
  return { edits: only(edit), value: parsed(written)?.value };
}

function planReset(source: YamlSource, { path }: Change<'reset'>): Plan {
  const own = ownPair(source, path);
  return { edits: own === undefined ? [] : only(removePair(source, own.map, own.pair.value)), value: undefined };
}

function planItem(source: YamlSource, { path, value }: Change<'addItem'>): Plan {
  const option = optionAt(path);
  if (option !== undefined) {
    return planList(
      source,
      path,
      (items) => [...items, value],
      (list) => [appendItem(source, list, [textLike(value)])],
    );
  }
  const entries = entriesOfItem(`${path}[]`, value);
  const item = Object.fromEntries(entries.map(([key, written]) => [key, parsed(written)?.value]));
  return planList(
    source,
    path,
    (items) => [...items, item],
    (list) => [appendMapping(source, list, entries)],
  );
}

/** The keys of a new item: what must be set has the value, the rest its default in writing. */
function entriesOfItem(path: string, value: string): [string, string][] {
  return keysAt(path).flatMap((key): [string, string][] => {
    const option = optionAt(join(path, key));
    if (option === undefined) return [];
    if (isRequired(option)) return [[key, textLike(value)]];
    const preset = 'default' in option ? option.default : null;
    return preset === null ? [] : [[key, yamlText(preset)]];
  });
}

/** A change of a list: an edit of the list as it is written, or, where the text has none of its own, the whole list anew. */
function planList(
  source: YamlSource,
  path: string,
  change: (items: readonly unknown[]) => readonly unknown[],
  edit: (list: YAMLSeq) => readonly TextEdit[] | undefined,
): Plan {
  const written = ownPair(source, path)?.pair.value.value;
  const option = optionAt(path);
  const given = valueAt(source.value, path) ?? (option?.kind === 'texts' ? option.default : []);
  if (!Array.isArray(given)) return { edits: undefined, value: undefined };
  const value = change(given);
  const isListed = isSeq(written) && written.items.length > 0 && value.length > 0;
  const whole = () => only(editOwn(source, path.split('.'), `[${value.map(printed).join(', ')}]`));
  return { edits: isListed ? edit(written) : whole(), value };
}

function printed(value: unknown): string {
  if (isObject(value)) return flowMapping(Object.entries(value).map(([key, inner]) => [key, printed(inner)]));
  return typeof value === 'string' ? textLike(value) : String(value);
}

/** As `editAt`; undefined also where a merge key brings the section, which one of the same name would hide. */
function editOwn(source: YamlSource, keys: readonly string[], valueText: string): TextEdit | undefined {
  let node: unknown = source.doc?.contents;
  for (const key of keys.slice(0, -1)) {
    const pair = pairAt(source, node, key);
    if (pair?.isMerged === true) return undefined;
    node = pair?.value.value;
  }
  return editAt(source, keys, valueText);
}

/** The mapping from which the keys of a path are looked up: the file's own, or an item of a list. */
function homeOf(source: YamlSource, path: string): { readonly map: unknown; readonly keys: readonly string[] } {
  const [, list, index, rest] = /^(.*)\[(\d+)\]\.(.*)$/.exec(path) ?? [];
  if (list === undefined) return { map: source.doc?.contents, keys: path.split('.') };
  const items = ownPair(source, list)?.pair.value.value;
  return { map: isSeq(items) ? items.items[Number(index)] : undefined, keys: rest!.split('.') };
}

/** The pair of a path and the mapping that holds it; undefined where another place of the text brings it, or none. */
function ownPair(source: YamlSource, path: string): { readonly map: YAMLMap; readonly pair: KeyedPair } | undefined {
  const { map, keys } = homeOf(source, path);
  let node = map;
  for (const [i, key] of keys.entries()) {
    const pair = isMap(node) ? pairAt(source, node, key) : undefined;
    if (!isMap(node) || pair === undefined || pair.isMerged) return undefined;
    if (i === keys.length - 1) return { map: node, pair };
    node = pair.value.value;
  }
  return undefined;
}

/** Whether the new text says the value at the path, and everything else as before. */
function says(after: YamlSource, before: YamlSource, path: string, value: unknown): boolean {
  // An anchor carries a change to its aliases, and a merge key brings a value where one is taken out.
  const isShared = before.text.includes('&');
  const isThere = isDeepStrictEqual(valueAt(after.value, path), value) || (isShared && value === undefined);
  return (
    isThere &&
    (isShared || isDeepStrictEqual(filled(after.value), filled(withValue(before.value, keysOf(path), value))))
  );
}

/** The value without what is empty: a section that loses its last key says nothing any more. */
function filled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(filled);
  if (!isObject(value)) return value ?? undefined;
  const entries = Object.entries(value).map(([key, inner]) => [key, filled(inner)] as const);
  const kept = entries.filter(([, inner]) => inner !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** The mapping or list with a value put at the keys; undefined takes the last key out. */
function withValue(root: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(root))
    return root.map((item, i) => (String(i) === key ? withValue(item, rest, value) : (item as unknown)));
  const entries = isObject(root) ? root : {};
  return { ...entries, [key]: withValue(ownOf(entries, key), rest, value) };
}

function valueAt(root: unknown, path: string): unknown {
  return keysOf(path).reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? ownOf(value as Record<string, unknown>, key) : undefined,
    root,
  );
}

function keysOf(path: string): string[] {
  return path.split(/[.[\]]+/);
}

function only(edit: TextEdit | undefined): readonly TextEdit[] | undefined {
  return edit === undefined ? undefined : [edit];
}

function refusal({ path }: FormChange, reason: string): ProblemError {
  const next = 'Change it in the text.';
  return new ProblemError({ code: 'cannot-edit', message: `${path} cannot be changed here: ${reason}.`, next });
}
