/** Range edits that take something out, and nothing else with it but the comment on its own line. */
import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import { lineEndBehind, trimmedEnd, type TextEdit } from './text-edit.ts';
import { rangeOf, type YamlSource } from '../yaml/yaml-source.ts';

/** The edit that takes a key and its value out of its mapping; undefined where the text gives no clean way. */
export function removePair({ text }: YamlSource, map: YAMLMap, pair: Pair): TextEdit | undefined {
  const key = rangeOf(pair.key);
  const range = rangeOf(map);
  if (key === undefined || range === undefined) return undefined;
  const start = ownStart(text, key[0]);
  if (map.flow === true) {
    const isBare = map.items.length === 1 && !text.slice(...range).includes('#');
    if (isBare) return { start: range[0], end: range[1], text: '{}' };
    const places = map.items.map(({ key: k, value }) => ({
      start: ownStart(text, rangeOf(k)?.[0] ?? -1),
      end: Math.max(rangeOf(k)?.[1] ?? 0, lastOffset(text, value)),
    }));
    return cutOfFlow(text, places, map.items.indexOf(pair));
  }
  const end = lineEndBehind(text, Math.max(key[1], lastOffset(text, pair.value)));
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (
    text
      .slice(lineStart, start)
      .replace(/^\uFEFF/, '')
      .trim() === ''
  )
    return cutLines(text, start, end);
  return cutBehindDash(text, map, pair, start, end);
}

/** `- training: true` with more keys below: the next key moves up to the dash, unless a comment stands between. */
function cutBehindDash(text: string, map: YAMLMap, pair: Pair, start: number, end: number): TextEdit | undefined {
  const next = map.items[map.items.indexOf(pair) + 1];
  const nextStart = rangeOf(next?.key)?.[0];
  if (nextStart === undefined) return undefined;
  const isClean = text.slice(end, ownStart(text, nextStart)).trim() === '';
  return { start, end: isClean ? ownStart(text, nextStart) : end, text: '' };
}

/** The edit that takes out the lines from the one that holds `start` to the one that ends at `end`, with one line break. */
export function cutLines(text: string, start: number, end: number): TextEdit {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const mark = from === 0 && text.startsWith('\uFEFF') ? 1 : 0;
  const eol = /^(?:\r\n|\n|\r)/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  // The last line of a file without a break at its end takes the one before it.
  const before = eol > 0 ? 0 : (/(?:\r\n|\n|\r)$/.exec(text.slice(Math.max(0, from - 2), from))?.[0].length ?? 0);
  return { start: from - before + mark, end: end + eol, text: '' };
}

/** The edit that takes one of several places out of brackets, with one comma. */
export function cutOfFlow(
  text: string,
  places: readonly { readonly start: number; readonly end: number }[],
  index: number,
): TextEdit | undefined {
  const place = places[index];
  if (place === undefined || place.start < 0) return undefined;
  const [before, behind] = [places[index - 1], places[index + 1]];
  const lineStart = text.lastIndexOf('\n', place.start - 1) + 1;
  const rest = /^[ \t]*,?[ \t]*(?:#[^\n\r]*)?(?=[\n\r])/.exec(text.slice(place.end));
  // Alone on its line: the line goes. A comma that then stands last is legal.
  if (text.slice(lineStart, place.start).trim() === '' && rest !== null && lineStart > 0) {
    return cutLines(text, place.start, place.end + rest[0].length);
  }
  if (behind !== undefined && isPlainGap(text, place.end, behind.start)) {
    return { start: place.start, end: behind.start, text: '' };
  }
  if (behind === undefined && before !== undefined && isPlainGap(text, before.end, place.start)) {
    return { start: before.end, end: place.end, text: '' };
  }
  const comma = behind === undefined ? 0 : (/^[ \t]*,?/.exec(text.slice(place.end))?.[0].length ?? 0);
  return { start: place.start, end: place.end + comma, text: '' };
}

/** Whether nothing but a comma and blanks stands between two offsets. */
function isPlainGap(text: string, start: number, end: number): boolean {
  return /^\s*,\s*$/.test(text.slice(start, end));
}

/** The offset with the anchor and tag before it, which belong to the node that begins there. */
export function ownStart(text: string, offset: number): number {
  const properties = /(?:[&!][^\s,[\]{}]*[ \t]+)+$/.exec(text.slice(Math.max(0, offset - 200), Math.max(0, offset)));
  return offset - (properties?.[0].length ?? 0);
}

/** End of the last thing printed in a node: no comment, no line break. 0 for nothing. */
export function lastOffset(text: string, node: unknown): number {
  const range = rangeOf(node);
  if (range === undefined) return 0;
  const last = isMap(node) && node.flow !== true ? node.items.at(-1) : undefined;
  if (last !== undefined) return Math.max(rangeOf(last.key)?.[1] ?? 0, lastOffset(text, last.value));
  if (isSeq(node) && node.flow !== true && node.items.length > 0) return lastOffset(text, node.items.at(-1));
  return isScalar(node) && range[0] === range[1] ? range[0] : trimmedEnd(text, range[0], range[1]);
}
