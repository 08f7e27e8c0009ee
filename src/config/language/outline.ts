import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Pair } from 'yaml';
import { trimmedEnd } from '../edit/text-edit.ts';
import { rangeOf, readYaml } from '../yaml/yaml-source.ts';

/** A key or list item of an experiment's text. */
export interface OutlineEntry {
  /** The key; of an item, what it is called or its value. Never empty. */
  readonly name: string;
  /** The value as it is printed, on one line; empty for what has children. */
  readonly detail: string;
  readonly kind: 'section' | 'list' | 'text' | 'number' | 'flag' | 'nothing';
  /** Offsets (UTF-16 units) of key and value. */
  readonly start: number;
  readonly end: number;
  /** Offsets of what to put the cursor on, inside `start`…`end`. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly children: readonly OutlineEntry[];
}

/** Collections in collections that are told; experiments need three. */
const MAX_DEPTH = 8;
const MAX_DETAIL = 80;

/** What a text holds, in its order; of a broken text, what could be recovered. */
export function outlineOf(text: string): readonly OutlineEntry[] {
  const { doc } = readYaml(text);
  return doc === undefined ? [] : childrenOf(text, doc.contents, 0);
}

function childrenOf(text: string, node: unknown, depth: number): OutlineEntry[] {
  if (depth >= MAX_DEPTH) return [];
  if (isMap(node)) return node.items.flatMap((pair) => (isPair(pair) ? (keyEntry(text, pair, depth) ?? []) : []));
  if (isSeq(node)) return node.items.flatMap((item) => itemEntry(text, item, depth) ?? []);
  return [];
}

function keyEntry(text: string, { key, value }: Pair, depth: number): OutlineEntry | undefined {
  const name = rangeOf(key);
  if (name === undefined || name[0] >= name[1]) return undefined;
  const end = Math.max(name[1], rangeOf(value)?.[1] ?? 0);
  return entry(text, isScalar(key) ? (key.source ?? '') : '', name, value, [name[0], end], depth);
}

/** An item is called by its first value: `encoder` for `{ block_name: encoder, training: true }`. */
function itemEntry(text: string, item: unknown, depth: number): OutlineEntry | undefined {
  const range = rangeOf(item);
  if (range === undefined || range[0] >= range[1]) return undefined;
  const first: unknown = isMap(item) ? item.items[0]?.value : undefined;
  const source = isScalar(first) ? first.source : undefined;
  return entry(text, source ?? oneLine(text, range), range, item, range, depth);
}

function entry(
  text: string,
  name: string,
  nameRange: readonly [number, number],
  value: unknown,
  [start, end]: readonly [number, number],
  depth: number,
): OutlineEntry {
  const children = childrenOf(text, value, depth + 1);
  const range = rangeOf(value);
  const isOwnName = range !== undefined && range[0] === nameRange[0];
  return {
    // A key may be printed as "" or be torn by a syntax error.
    name: name.trim() === '' ? oneLine(text, nameRange) : name.trim(),
    detail: children.length > 0 || range === undefined || isOwnName ? '' : oneLine(text, range),
    kind: kindOf(value),
    start,
    end: trimmedEnd(text, start, end),
    nameStart: nameRange[0],
    nameEnd: Math.min(lineEnd(text, nameRange[0]), trimmedEnd(text, ...nameRange)),
    children,
  };
}

function kindOf(value: unknown): OutlineEntry['kind'] {
  if (isMap(value)) return 'section';
  if (isSeq(value)) return 'list';
  const plain = isScalar(value) ? value.value : undefined;
  if (plain === null) return 'nothing';
  return typeof plain === 'number' ? 'number' : typeof plain === 'boolean' ? 'flag' : 'text';
}

/** A part of a text on one line, cut off where it is long. */
export function oneLine(text: string, [start, end]: readonly [number, number]): string {
  const line = text
    .slice(start, Math.min(end, start + 4 * MAX_DETAIL))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_DETAIL ? `${line.slice(0, MAX_DETAIL)}…` : line;
}

function lineEnd(text: string, start: number): number {
  return start + /^[^\n\r]*/.exec(text.slice(start, start + 1000))![0].length;
}
