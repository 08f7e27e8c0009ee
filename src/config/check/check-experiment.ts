import { isSeq, type Node } from 'yaml';
import { isObject } from '../../vocabulary/check.ts';
import { checkValue, describe, expectedOf, foldName, similarName } from './check-value.ts';
import { shortened, type ConfigFix, type Finding } from '../config-problem.ts';
import { CROSS_CHECKS, type CrossCheck, type CrossFinding } from './cross-checks.ts';
import { DATA_CHECKS } from './data-checks.ts';
import { yamlText } from '../options/describe-option.ts';
import type { Experiment } from '../experiment.ts';
import { NO_FACTS_FROM_RUNS, type FactsFromRuns } from './run-facts.ts';
import { MAX_PROBLEMS } from '../yaml/limits.ts';
import type { Option } from '../options/option-kinds.ts';
import { isRequired, join, keysAt, optionAt } from '../options/option-paths.ts';
import { OPTIONS, SECTIONS } from '../options/options.ts';
import { textLike } from '../yaml/scalar-text.ts';
import { firstIndex, lineMistakes } from '../yaml/line-mistakes.ts';
import { editAt, editIn, type TextEdit } from '../edit/text-edit.ts';
import { pairAt, rangeOf, resolved, type YamlSource } from '../yaml/yaml-source.ts';

/** Characters of a line that are marked for what is missing below it. */
const MAX_SHOWN = 1000;

/** Where a value stands: its node when there is one, and the range to show when there is none or the value is empty. */
interface Place {
  readonly node: unknown;
  readonly range: readonly [start: number, end: number];
  /** Range of the key, for what is missing below it. */
  readonly key?: readonly [start: number, end: number] | undefined;
}

interface Walk {
  readonly source: YamlSource;
  readonly findings: Finding[];
  /** Path → place of every option and section that the file has. */
  readonly places: Map<string, Place>;
  /** Items of lists that were read, by node: one that aliases bring in again is not judged, nor told of, again. */
  readonly items: Map<Node, Record<string, unknown>>;
  /** Lines that look like settings without being any; found when first asked for. */
  mistakes?: readonly Finding[];
}

/** The experiment of a text, defaults filled in also where a value is wrong, and everything that is wrong with it. */
export function checkExperiment(
  source: YamlSource,
  facts: FactsFromRuns = NO_FACTS_FROM_RUNS,
): { experiment: Experiment; findings: Finding[] } {
  const walk: Walk = { source, findings: [], places: new Map(), items: new Map() };
  const range = rangeOf(source.doc?.contents) ?? [0, 0];
  walk.places.set('', { node: source.doc?.contents, range: [range[0], range[0]] });
  const experiment = readMapping(walk, '', source.value) as unknown as Experiment;
  const filled = withDerivedDefaults(experiment);
  const findings = [...walk.findings, ...crossFindings(walk, filled, facts)];
  // What a syntax error has torn is not judged, nor what it may have swallowed missed.
  const isSound = (f: Finding) =>
    source.soundUntil === Infinity || (f.code !== 'missing-key' && f.end <= source.soundUntil);
  return { experiment: filled, findings: findings.filter(isSound) };
}

function readMapping(walk: Walk, path: string, given: unknown): Record<string, unknown> {
  const keys = keysAt(path);
  const isAbsent = given === undefined || (given === null && !path.endsWith(']'));
  if (!isAbsent && !isObject(given)) reportNoMapping(walk, path, given, keys);
  const value = isObject(given) ? given : {};
  const place = walk.places.get(path)!;
  const unknown = Object.keys(value).filter((key) => !keys.includes(key) && !isAnchorHolder(path, key));
  // The key that stands for a known one: itself, or a misspelt one, whose value is judged all the same.
  const keyOf = new Map(keys.filter((key) => Object.hasOwn(value, key)).map((key) => [key, key]));
  for (const key of unknown) {
    const meant = reportUnknownKey(
      walk,
      path,
      key,
      keys.filter((known) => !keyOf.has(known)),
    );
    if (meant !== undefined) keyOf.set(meant, key);
  }
  const result: Record<string, unknown> = {};
  for (const key of keys) {
    const below = join(path, key);
    const written = keyOf.get(key);
    if (written !== undefined) walk.places.set(below, placeOfKey(walk, place, written));
    else if (isAbsent || isObject(given)) reportMissing(walk, below);
    result[key] = readEntry(walk, below, written === undefined ? undefined : value[written], written !== undefined);
  }
  return result;
}

function readEntry(walk: Walk, path: string, given: unknown, has: boolean): unknown {
  const option = optionAt(path);
  if (option !== undefined) return has ? readOption(walk, path, option, given) : defaultOf(option);
  if (Object.hasOwn(SECTIONS, `${path}[]`)) return readList(walk, path, given);
  if (!has) walk.places.set(path, { node: undefined, range: nearestPlace(walk, path).range });
  return readMapping(walk, path, given);
}

function readOption(walk: Walk, path: string, option: Option, given: unknown): unknown {
  const place = walk.places.get(path)!;
  const { value, findings } = checkValue(option, given);
  for (const { replacement, item, ...finding } of findings) {
    const range = item === undefined ? place.range : itemRange(walk, place, item);
    walk.findings.push({
      ...finding,
      path: item === undefined ? path : `${path}[${item}]`,
      start: range[0],
      end: range[1],
      ...(given === null ? fixOfEmpty(walk, path, option) : fixOf(range, replacement, false)),
    });
  }
  return value ?? (given === null && findings.length === 0 ? null : defaultOf(option));
}

function defaultOf(option: Option): unknown {
  if (option.kind === 'choice' && option.default === undefined) return undefined;
  return 'default' in option ? option.default : '';
}

function readList(walk: Walk, path: string, given: unknown): unknown[] {
  if (given === undefined || given === null) return [];
  const place = walk.places.get(path)!;
  if (!Array.isArray(given)) {
    push(walk, place.range, {
      code: 'wrong-type',
      path,
      found: describe(given),
      expected: 'a list (- item) of mappings',
    });
    return [];
  }
  const list = resolved(walk.source, place.node);
  return given.map((item: unknown, i) => {
    const below = `${path}[${i}]`;
    const node: unknown = isSeq(list) ? list.items[i] : undefined;
    walk.places.set(below, { node, range: rangeOf(node) ?? place.range });
    return readItem(walk, below, item, resolved(walk.source, node));
  });
}

function readItem(walk: Walk, path: string, given: unknown, node: Node | null): Record<string, unknown> {
  const known = node === null ? undefined : walk.items.get(node);
  if (known !== undefined) return known;
  const item = readMapping(walk, path, given);
  if (node !== null) walk.items.set(node, item);
  return item;
}

/** Fills what depends on another option (`defaultBy`). */
function withDerivedDefaults(experiment: Experiment): Experiment {
  const { path, values } = OPTIONS['hyperparameters.loss_function'].defaultBy;
  const hyperparameters = experiment.hyperparameters as { loss_function: string | undefined };
  const decisive = path.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], experiment);
  hyperparameters.loss_function ??= values[decisive as keyof typeof values];
  return experiment;
}

function crossFindings(walk: Walk, experiment: Experiment, facts: FactsFromRuns): Finding[] {
  const wrong = walk.findings.filter(({ severity }) => severity === 'error').map(({ path }) => path);
  const isGiven = (path: string) => walk.places.get(path)?.node !== undefined;
  const isTouched = (read: string) => wrong.some((path) => path.startsWith(read) || read.startsWith(`${path}.`));
  const size = isTouched('data') ? undefined : facts.sizeOf(experiment.data);
  const isApt = ({ reads }: Pick<CrossCheck, 'reads'>) => !reads.some(isTouched);
  return [
    ...CROSS_CHECKS.filter(isApt).flatMap(({ check }) => check(experiment, isGiven)),
    ...(size === undefined ? [] : DATA_CHECKS.filter(isApt).flatMap(({ check }) => check(experiment, size))),
    ...(isTouched('evaluation.baseline') ? [] : baselineFindings(experiment, facts)),
  ].map(({ replacement, ...finding }) => {
    const { range } = nearestPlace(walk, finding.path);
    return {
      ...finding,
      start: range[0],
      end: range[1],
      ...(isGiven(finding.path) ? fixOf(range, replacement, false) : {}),
    };
  });
}

/** A run may come, or be in another folder: a warning, which keeps nothing from starting. */
function baselineFindings({ evaluation: { baseline } }: Experiment, facts: FactsFromRuns): CrossFinding[] {
  const wrong = baseline === null ? undefined : facts.wrongBaseline(baseline);
  if (wrong === undefined) return [];
  const fix = wrong.suggestion === undefined ? {} : { replacement: textLike(wrong.suggestion) };
  return [{ severity: 'warning', code: 'unknown-value', path: 'evaluation.baseline', ...wrong, ...fix }];
}

function reportNoMapping(walk: Walk, path: string, given: unknown, keys: readonly string[]): void {
  const { range } = walk.places.get(path)!;
  // `hyperparameters:` over a lone `batch_size:64` is a text to YAML, and a missing blank to its writer.
  const inside = typeof given === 'string' ? mistakesIn(walk, range) : [];
  for (const finding of inside) walk.findings.push(finding);
  if (inside.length > 0) return;
  const expected = `a mapping with ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ', …' : ''}`;
  const option = optionAt(join(path, keys[0]!));
  const isName = typeof given === 'string' && option !== undefined && isRequired(option);
  push(walk, range, {
    code: 'wrong-type',
    path,
    found: describe(given),
    expected,
    // `model: some/name` says all that is needed.
    ...fixOf(range, isName ? `{ ${keys[0]!}: ${JSON.stringify(given)} }` : undefined, false),
  });
}

function mistakesIn(walk: Walk, [from, to]: readonly [number, number]): readonly Finding[] {
  const all = (walk.mistakes ??= lineMistakes(walk.source.text));
  const first = firstIndex(all, ({ start }) => start >= from);
  return all.slice(
    first,
    firstIndex(all, ({ end }) => end > to),
  );
}

function reportMissing(walk: Walk, path: string): void {
  const option = optionAt(path);
  if (option === undefined || !isRequired(option)) return;
  const { range } = nearestPlace(walk, path);
  const edit = settingEdit(walk, path, option.example);
  push(walk, range, {
    code: 'missing-key',
    path,
    found: 'nothing',
    expected: `${expectedOf(option)}, for example ${option.example}`,
    ...(edit === undefined ? {} : { fix: { kind: 'replace', title: `Add ${path}`, ...edit } }),
  });
}

/** Returns the key that was probably meant, one of those not taken yet. */
function reportUnknownKey(walk: Walk, path: string, key: string, free: readonly string[]): string | undefined {
  const place = walk.places.get(path)!;
  const pair = pairAt(walk.source, place.node, key);
  const range = rangeOf(pair?.value.key) ?? place.range;
  const near = similarKey(path, key, free);
  const home = near === undefined ? homeOf(key) : undefined;
  const known =
    near === undefined ? `one of ${keysAt(path).join(', ')}` : `a key of ${path === '' ? 'the top level' : path}`;
  push(walk, range, {
    code: 'unknown-key',
    path: join(path, key),
    found: `the unknown key ${shortened(key, 40)}`,
    expected: home === undefined ? known : `it to stand ${home}`,
    ...(near === undefined ? {} : { suggestion: near }),
    ...fixOf(range, near, false),
  });
  return near;
}

/** Top-level mappings that only hold anchors, a convention of Compose files and others. */
function isAnchorHolder(path: string, key: string): boolean {
  return path === '' && (key.startsWith('x-') || key.startsWith('.'));
}

/** The key of a mapping that was probably meant: another spelling, a slip, or the name that another tool gives it. */
function similarKey(path: string, key: string, keys: readonly string[]): string | undefined {
  const folded = foldName(key);
  const isAlso = (name: string) => optionAt(join(path, name))?.alsoKnownAs?.some((other) => foldName(other) === folded);
  return (
    keys.find((name) => foldName(name) === folded) ??
    keys.find(isAlso) ??
    (key.length < 2 ? undefined : similarName(key, keys))
  );
}

/** Where a key that stands in the wrong place belongs, in words. */
function homeOf(key: string): string | undefined {
  const paths = Object.keys({ ...OPTIONS, ...SECTIONS }).map((path) => path.replace(/\[\]$/, ''));
  const path = paths.find((p) => p === key || p.endsWith(`.${key}`));
  if (path === undefined) return undefined;
  return path === key ? 'at the top level' : `in ${path.slice(0, -key.length - 1).replace('[]', '')}`;
}

function placeOfKey(walk: Walk, parent: Place, key: string): Place {
  const pair = pairAt(walk.source, parent.node, key)?.value;
  const range = rangeOf(pair?.value);
  const keyRange = rangeOf(pair?.key);
  const isEmpty = range === undefined || range[0] >= range[1];
  return { node: pair?.value, range: isEmpty ? (keyRange ?? parent.range) : trimmed(walk, range), key: keyRange };
}

/** A block collection takes the line breaks behind it into its range. */
function trimmed(walk: Walk, [start, end]: readonly [number, number]): readonly [number, number] {
  return [start, start + walk.source.text.slice(start, end).trimEnd().length];
}

function itemRange(walk: Walk, place: Place, item: number): readonly [number, number] {
  const list = resolved(walk.source, place.node);
  return (isSeq(list) ? rangeOf(list.items[item]) : undefined) ?? place.range;
}

/** Where to show what concerns a path: its value, else the key of the nearest section above it, else that one's first line. */
function nearestPlace(walk: Walk, path: string): Place {
  for (let at = path; ; at = at.replace(/(?:\.|\[)?[^.[]*$/, '')) {
    const place = walk.places.get(at);
    if (place === undefined) continue;
    return at === path && optionAt(at) !== undefined
      ? place
      : { ...place, range: place.key ?? firstLine(walk, place.range) };
  }
}

function firstLine(walk: Walk, [start, end]: readonly [number, number]): readonly [number, number] {
  const shown = walk.source.text.slice(start, Math.min(end, start + MAX_SHOWN));
  const length = /^[^\n\r]*/.exec(shown)![0].trimEnd().length;
  return [start, start + length];
}

function fixOf(
  [start, end]: readonly [number, number],
  text: string | undefined,
  isAbsent: boolean,
): { readonly fix?: ConfigFix } {
  return text === undefined || isAbsent
    ? {}
    : { fix: { kind: 'replace', title: `Change to ${text}`, start, end, text } };
}

/** For a key without a value: the default, or an example where there is none. */
function fixOfEmpty(walk: Walk, path: string, option: Option): { readonly fix?: ConfigFix } {
  const preset = 'default' in option ? option.default : undefined;
  const text = preset === undefined || preset === null ? option.example : yamlText(preset);
  const [section, key] = splitPath(path);
  // A misspelt key is mended first: this edit would add the right one beside it.
  const isWritten = pairAt(walk.source, walk.places.get(section)?.node, key)?.isMerged === false;
  const edit = isWritten ? settingEdit(walk, path, text) : undefined;
  return edit === undefined ? {} : { fix: { kind: 'replace', title: `Set to ${text}`, ...edit } };
}

/** The edit that gives an option its value, also in an item of a list. */
function settingEdit(walk: Walk, path: string, text: string): TextEdit | undefined {
  // Looking for a place costs a line; of so many problems most are not told.
  if (walk.findings.length > MAX_PROBLEMS) return undefined;
  if (!path.includes('[')) return editAt(walk.source, path.split('.'), text);
  const [item, key] = splitPath(path);
  return editIn(walk.source, walk.places.get(item)?.node, [key], text);
}

function splitPath(path: string): [section: string, key: string] {
  const dot = path.lastIndexOf('.');
  return [path.slice(0, Math.max(0, dot)), path.slice(dot + 1)];
}

function push(
  walk: Walk,
  [start, end]: readonly [number, number],
  finding: Omit<Finding, 'severity' | 'start' | 'end'>,
): void {
  walk.findings.push({ severity: 'error', ...finding, start, end });
}
