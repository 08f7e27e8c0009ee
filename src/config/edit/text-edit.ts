import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Pair, YAMLMap } from 'yaml';
import { pairAt, rangeOf, type YamlSource } from '../yaml/yaml-source.ts';

/** Replaces offsets `start`…`end` (UTF-16 units) of a text by `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text after an edit. */
export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

/** The text after several edits that do not overlap; their offsets are those of the given text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return edits.toSorted((a, b) => b.start - a.start || b.end - a.end).reduce(applyEdit, text);
}

/**
 * The edit that gives the option at `keys` (from the top level, lists excluded) the value `valueText`: its value is replaced,
 * or it is added behind the last key of its section, or with its section behind the last one. Everything else stays as it is
 * printed. Undefined where the text gives no place for it: a section that is an alias or no mapping.
 */
export function editAt(source: YamlSource, keys: readonly string[], valueText: string): TextEdit | undefined {
  if (source.doc === undefined) return undefined;
  if (source.doc.contents === null) return appended(source, keys, valueText);
  return editIn(source, source.doc.contents, keys, valueText);
}

/** As `editAt`, with keys from a mapping of the text on. */
export function editIn(
  source: YamlSource,
  mapping: unknown,
  keys: readonly string[],
  valueText: string,
): TextEdit | undefined {
  const { text } = source;
  let node = mapping;
  for (const [i, key] of keys.entries()) {
    if (!isMap(node)) return undefined;
    const found = pairAt(source, node, key);
    const rest = keys.slice(i);
    // A merged key is set beside the merge, which it overrides.
    if (found === undefined || found.isMerged) return addKeys(source, node, rest, valueText);
    if (rest.length === 1) return replaceValue(text, found.value, valueText);
    if (isAlias(found.value.value)) return undefined;
    if (isEmptyScalar(found.value.value)) return fillSection(source, node, found.value, rest.slice(1), valueText);
    node = found.value.value;
  }
  return undefined;
}

/** Replaces the value of a pair; an absent one is put behind the colon. */
export function replaceValue(text: string, pair: Pair, valueText: string): TextEdit | undefined {
  const range = rangeOf(pair.value);
  const keyEnd = rangeOf(pair.key)?.[1];
  if (range === undefined || keyEnd === undefined) return undefined;
  const [start, end] = [range[0], trimmedEnd(text, range[0], range[1])];
  if (start >= end) return insertion(colonEnd(text, keyEnd, start), ` ${valueText}`);
  const isBlock = (isMap(pair.value) || isSeq(pair.value)) && pair.value.flow !== true;
  const from = isBlock && !text.slice(keyEnd, start).includes('#') ? colonEnd(text, keyEnd, start) : start;
  return { start: from, end, text: from === start ? valueText : ` ${valueText}` };
}

function addKeys(source: YamlSource, map: YAMLMap, keys: readonly string[], valueText: string): TextEdit | undefined {
  const { text } = source;
  const range = rangeOf(map);
  if (range === undefined) return undefined;
  const last = map.items.at(-1);
  if (map.flow === true) {
    const entry = inFlow(keys, valueText);
    if (last === undefined) return { start: range[0], end: range[1], text: `{ ${entry} }` };
    return insertion(pairEnd(text, last), `, ${entry}`);
  }
  if (last === undefined) return undefined;
  const indent = columnOf(text, range[0]);
  const lines = inBlock(keys, valueText, indent, indentStep(source));
  return insertion(lineEndBehind(text, pairEnd(text, last)), lines.map((line) => eolOf(text) + line).join(''));
}

/** Fills a section that has its key alone (`hyperparameters:`), or says `null`. */
function fillSection(
  source: YamlSource,
  parent: YAMLMap,
  section: Pair,
  keys: readonly string[],
  valueText: string,
): TextEdit | undefined {
  const { text } = source;
  const range = rangeOf(section.value);
  const keyEnd = rangeOf(section.key)?.[1];
  if (range === undefined || keyEnd === undefined) return undefined;
  if (range[0] < range[1]) return { start: range[0], end: range[1], text: `{ ${inFlow(keys, valueText)} }` };
  if (parent.flow === true) return insertion(colonEnd(text, keyEnd, range[0]), ` { ${inFlow(keys, valueText)} }`);
  const indent = columnOf(text, rangeOf(section.key)![0]) + indentStep(source);
  const lines = inBlock(keys, valueText, indent, indentStep(source));
  return insertion(lineEndBehind(text, keyEnd), lines.map((line) => eolOf(text) + line).join(''));
}

/** For a text that has no content yet, comments perhaps. */
function appended({ text }: YamlSource, keys: readonly string[], valueText: string): TextEdit {
  const eol = eolOf(text);
  const lines = inBlock(keys, valueText, 0, 2).map((line) => line + eol);
  const isLineOpen = text !== '' && text !== '\uFEFF' && !text.endsWith('\n');
  return insertion(text.length, (isLineOpen ? eol : '') + lines.join(''));
}

function inFlow(keys: readonly string[], valueText: string): string {
  return keys.reduceRight(
    (value, key, i) => (i === keys.length - 1 ? `${key}: ${value}` : `${key}: { ${value} }`),
    valueText,
  );
}

function inBlock(keys: readonly string[], valueText: string, indent: number, step: number): string[] {
  return keys.map((key, i) => `${' '.repeat(indent + i * step)}${key}:${i === keys.length - 1 ? ` ${valueText}` : ''}`);
}

/** Blanks by which the file indents its first nested mapping; 2 when there is none. */
function indentStep({ doc, text }: YamlSource): number {
  const top = (doc as Document.Parsed).contents;
  if (!isMap(top)) return 2;
  const nested = top.items.find((pair) => isMap(pair.value) && pair.value.flow !== true);
  const range = rangeOf(nested?.value);
  return range === undefined ? 2 : Math.max(1, columnOf(text, range[0]) - columnOf(text, rangeOf(top)![0]));
}

function pairEnd(text: string, pair: Pair): number {
  const [start, end] = rangeOf(pair.value) ?? rangeOf(pair.key) ?? [0, 0];
  return trimmedEnd(text, start, end);
}

function colonEnd(text: string, keyEnd: number, valueStart: number): number {
  const colon = text.slice(keyEnd, valueStart).indexOf(':');
  return colon < 0 ? keyEnd : keyEnd + colon + 1;
}

/** The end without the line breaks that a block scalar or collection takes with it. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && /\s/.test(text[at - 1]!)) at--;
  return at;
}

/** End of the line, without its break, that holds the last character before `offset`; a comment on it stays where it is. */
export function lineEndBehind(text: string, offset: number): number {
  const at = trimmedEnd(text, 0, offset);
  const length = /^[^\n\r]*/.exec(text.slice(at))![0].length;
  return at + length;
}

/** Column of an offset, from 0; a byte order mark takes none. */
export function columnOf(text: string, offset: number): number {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return offset - Math.max(start, text.startsWith('\uFEFF') ? 1 : 0);
}

/** The line break that the text uses. */
export function eolOf(text: string): string {
  return /\r?\n/.exec(text)?.[0] ?? '\n';
}

function isEmptyScalar(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The edit that only adds. */
export function insertion(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}
