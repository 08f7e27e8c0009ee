/** Range edits of lists: an item added, taken out or moved; the other items, their comments and their print stay. */
import { isMap, type YAMLSeq } from 'yaml';
import { cutLines, cutOfFlow, lastOffset, ownStart } from './cut-edit.ts';
import { columnOf, eolOf, insertion, lineEndBehind, type TextEdit } from './text-edit.ts';
import { rangeOf, type YamlSource } from '../yaml/yaml-source.ts';

/** The edit that adds an item to a list: a mapping of the given keys and value texts. */
export function appendMapping(
  source: YamlSource,
  list: YAMLSeq,
  entries: readonly (readonly [string, string])[],
): TextEdit {
  const last = list.items.at(-1);
  const flow = flowMapping(entries);
  // Items go on in the style of the last one.
  if (list.flow === true || (isMap(last) && last.flow === true)) return appendItem(source, list, [flow]);
  return appendItem(
    source,
    list,
    entries.map(([key, value]) => `${key}: ${value}`),
  );
}

/** A mapping in braces. */
export function flowMapping(entries: readonly (readonly [string, string])[]): string {
  return `{ ${entries.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}

/** The edit that adds an item behind the last one, given as its lines without indentation; in brackets only the first counts. */
export function appendItem({ text }: YamlSource, list: YAMLSeq, lines: readonly string[]): TextEdit {
  const [start, end] = rangeOf(list)!;
  const last = list.items.at(-1);
  if (list.flow === true) {
    if (last === undefined) return { start, end, text: `[${lines[0]!}]` };
    return insertion(rangeOf(last)?.[1] ?? end - 1, `, ${lines[0]!}`);
  }
  const indent = ' '.repeat(columnOf(text, start));
  const printed = lines.map((line, i) => `${eolOf(text)}${indent}${i === 0 ? '- ' : '  '}${line}`);
  return insertion(lineEndBehind(text, end), printed.join(''));
}

/** The edit that takes an item out of a list of at least two; undefined where the text gives no clean way. */
export function removeItem({ text }: YamlSource, list: YAMLSeq, index: number): TextEdit | undefined {
  const places = list.flow === true ? undefined : blockItems(text, list);
  if (list.flow !== true) {
    const place = places?.[index];
    return place === undefined ? undefined : cutLines(text, place.start, place.end);
  }
  const ranges = flowItems(text, list);
  return ranges === undefined ? undefined : cutOfFlow(text, ranges, index);
}

/** The edits that put an item at the place of another; in a block list the lines move with their comments, in brackets the values. */
export function moveItem({ text }: YamlSource, list: YAMLSeq, from: number, to: number): TextEdit[] | undefined {
  return list.flow === true ? moveInFlow(text, list, from, to) : moveLines(text, list, from, to);
}

function moveInFlow(text: string, list: YAMLSeq, from: number, to: number): TextEdit[] | undefined {
  const ranges = flowItems(text, list);
  if (ranges?.[from] === undefined || ranges[to] === undefined) return undefined;
  const values = ranges.map(({ start, end }) => text.slice(start, end));
  const [moved] = values.splice(from, 1);
  values.splice(to, 0, moved!);
  return ranges.flatMap(({ start, end }, i) => {
    const value = values[i]!;
    return value === text.slice(start, end) ? [] : [{ start, end, text: value }];
  });
}

function moveLines(text: string, list: YAMLSeq, from: number, to: number): TextEdit[] | undefined {
  const places = blockItems(text, list);
  const [moved, target] = [places?.[from], places?.[to]];
  if (moved === undefined || target === undefined) return undefined;
  const eol = eolOf(text);
  const lines = text.slice(moved.start, moved.end);
  const put = to < from ? insertion(target.start, lines + eol) : insertion(target.end, eol + lines);
  return from === to ? [] : [cutLines(text, moved.start, moved.end), put];
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function flowItems(text: string, list: YAMLSeq): Place[] | undefined {
  const places = list.items.flatMap((item) => {
    const range = rangeOf(item);
    return range === undefined ? [] : [{ start: ownStart(text, range[0]), end: range[1] }];
  });
  return places.length === list.items.length ? places : undefined;
}

/** Whole lines of each item, without the last line break; undefined where a dash shares its line with what is above it. */
function blockItems(text: string, list: YAMLSeq): Place[] | undefined {
  const column = columnOf(text, rangeOf(list)![0]);
  const places = list.items.flatMap((item) => {
    const range = rangeOf(item);
    if (range === undefined) return [];
    const start = dashLine(text, range[0], column);
    return start === undefined ? [] : [{ start, end: lineEndBehind(text, Math.max(range[0], lastOffset(text, item))) }];
  });
  return places.length === list.items.length ? places : undefined;
}

/** Start of the line, at or above an offset, that has a dash in this column and nothing before it. */
function dashLine(text: string, offset: number, column: number): number | undefined {
  for (let end = offset; ;) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, start + column + 1).replace(/^\uFEFF/, '');
    if (line === `${' '.repeat(column)}-`) return start;
    if (start === 0) return undefined;
    end = start - 1;
  }
}
