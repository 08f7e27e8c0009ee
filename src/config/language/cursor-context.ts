import { join, keysAt, optionAt, sectionHelpAt } from '../options/option-paths.ts';
import { boundFinding } from '../yaml/text-bounds.ts';

/** What the cursor stands on in a YAML text, finished or not. */
export interface CursorContext {
  /** `key`: in a key, or where one can begin; `value`: in a value, or where one can begin. */
  readonly position: 'key' | 'value';
  /** Path of the mapping for a key, of the option for a value; list items are `[]`. */
  readonly path: string;
  /** Whether an item of a list stands or begins here. */
  readonly isInList: boolean;
  /** The word under the cursor, whole: what a completion replaces. Of a quoted value it is what the quotes hold. */
  readonly start: number;
  readonly end: number;
}

/** A mapping or list that is open where the scan is. */
interface Open {
  readonly kind: 'block' | 'item' | '{' | '[';
  /** Column of the key or the dash; of no meaning for brackets. */
  readonly indent: number;
  /** The key whose value is being read; undefined between keys. */
  key: string | undefined;
}

/** Stands for the word under the cursor while its line is scanned. */
const CURSOR = '\u0000';

/**
 * What stands at an offset; undefined in a comment, and in a text that goes beyond a bound. It is a scan by indentation and brackets rather than a look into a
 * parsed tree: that is what a person sees in a line that is being typed, while a recovered tree attaches it anywhere.
 */
export function contextAt(text: string, offset: number): CursorContext | undefined {
  if (boundFinding(text) !== undefined) return undefined;
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const word = wordAround(text, lineStart, offset);
  if (word === undefined) return undefined;
  const open: Open[] = [];
  for (const line of text.slice(0, lineStart).split(/\r\n|\n|\r/)) scanLine(line.replace(/^\uFEFF/, ''), open);
  const before = text.slice(lineStart, word.start).replace(/^\uFEFF/, '');
  const isBehindKey = scanLine(before.replace(/["']$/, '') + CURSOR, open);
  const path = pathOf(open);
  const last = open.at(-1);
  const isInFlow = last?.kind === '{' || last?.kind === '[';
  const isKey = isInFlow
    ? last.kind === '{' && last.key === undefined
    : !isBehindKey && optionAt(path) === undefined && keysAt(path).length > 0;
  return { position: isKey ? 'key' : 'value', path, isInList: last?.kind === '[' || last?.kind === 'item', ...word };
}

function pathOf(open: readonly Open[]): string {
  let path = '';
  for (const { kind, key } of open) {
    const isItem = kind === 'item' || kind === '[';
    // Lists of plain values are one option; only a list of mappings has options of its own.
    if (isItem && !path.endsWith(']') && sectionHelpAt(`${path}[]`) !== undefined) path += '[]';
    if (key !== undefined) path = join(path, key);
  }
  return path;
}

/** Brings what is open up to the end of a line; says whether a key of the line has its value there. */
function scanLine(line: string, open: Open[]): boolean {
  // A section that begins at the margin ends all that was left open above it, brackets included.
  const top = /^([A-Za-z_]+)[ \t]*:(?:\s|$)/.exec(line)?.[1];
  if (top !== undefined && keysAt('').includes(top)) open.length = 0;
  if (isInBrackets(open)) {
    scanBrackets(line, open);
    return false;
  }
  const { behind, hasKey } = scanIndented(line, open);
  const value = line.slice(behind).trimStart();
  if (value.startsWith('{') || value.startsWith('[')) scanBrackets(value, open);
  return hasKey;
}

/** Reads the dashes and the key at the start of a line; `behind` is the column after them. */
function scanIndented(line: string, open: Open[]): { behind: number; hasKey: boolean } {
  let at = /^[ \t]*/.exec(line)![0].length;
  if (at === line.length || line[at] === '#') return { behind: line.length, hasKey: false };
  closeFrom(open, at, line[at] === '-');
  for (;;) {
    const dash = /^-(?:[ \t]+|(?=\u0000)|$)/.exec(line.slice(at));
    if (dash === null) break;
    open.push({ kind: 'item', indent: at, key: undefined });
    at += dash[0].length;
  }
  const key = KEY.exec(line.slice(at));
  if (key === null) return { behind: at, hasKey: false };
  open.push({ kind: 'block', indent: at, key: key[2] ?? key[3]!.trimEnd() });
  return { behind: at + key[0].length, hasKey: true };
}

/** A key in quotes, or a plain one with the blanks before its colon: none of them is looked at twice. */
const KEY =
  /^(?:(["'])([^\s:#"'[\]{},\u0000][^:#"'[\]{},\u0000]*)\1[ \t]*|([^\s:#"'[\]{},\u0000][^:#"'[\]{},\u0000]*)):(?=\s|\u0000|$)/;

/** Closes what a line at this column ends. A dash may stand in the column of the key whose list it continues. */
function closeFrom(open: Open[], column: number, isDash: boolean): void {
  const isOver = ({ indent, kind }: Open) => indent > column || (indent === column && !(isDash && kind === 'block'));
  while (open.length > 0 && isOver(open.at(-1)!)) open.pop();
}

/**
 * Comment, quoted text (an open one to the end), bracket or comma, word; with the colon behind the last two kinds that makes a key
 * of them. What one way of reading has taken no other takes again: long lines are read in linear time.
 */
const TOKENS =
  /#.*|"[^"\\]*(?:\\[^][^"\\]*)*(?:"(?:\s*:)?|\\?$)|'[^']*(?:'(?:\s*:)?|$)|[[\]{},]|[^\s[\]{},"']+(?:\s*:(?=\s|$))?|\s+/g;

/** `{ a: 1, b: [2`: follows brackets, and the keys of mappings in them. */
function scanBrackets(text: string, open: Open[]): void {
  for (const [token] of text.matchAll(TOKENS)) {
    const last = open.at(-1);
    if (token.startsWith('#')) return;
    if (token === '{' || token === '[') open.push({ kind: token, indent: Infinity, key: undefined });
    else if (token === '}' || token === ']') closeBracket(open);
    else if (last?.kind !== '{') continue;
    else if (token === ',') last.key = undefined;
    else if (token.endsWith(':'))
      last.key ??= token
        .slice(0, -1)
        .trim()
        .replace(/^["']|["']$/g, '');
  }
}

function closeBracket(open: Open[]): void {
  const last = open.findLastIndex(({ kind }) => kind === '{' || kind === '[');
  if (last >= 0) open.length = last;
}

function isInBrackets(open: readonly Open[]): boolean {
  return open.some(({ kind }) => kind === '{' || kind === '[');
}

const WORDS =
  /\s+|"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|'[^']*'?|#.*|[[\]{},]|:(?=\s|$)|-(?=\s|$)|(?:[^\s[\]{},:]|:(?!\s|$))+/g;
const WORDS_AND_LAST_COLON = new RegExp(`${WORDS.source.slice(0, -')+'.length)}|:$)+`, 'g');

/** The word or the quoted text around an offset, on its line; undefined in a comment. */
function wordAround(text: string, lineStart: number, offset: number): { start: number; end: number } | undefined {
  const line = /^[^\n\r]*/.exec(text.slice(lineStart))![0];
  const at = offset - lineStart;
  // A colon at the end of a value, not of a key, is part of its word.
  const words = line.endsWith(':') && /:\s/.test(line) ? WORDS_AND_LAST_COLON : WORDS;
  for (const match of line.matchAll(words)) {
    const token = match[0];
    const column = match.index;
    const end = column + token.length;
    const isComment = token.startsWith('#');
    if (isComment && at > column) return undefined;
    const isQuoted = /^["']/.test(token);
    const isWord = !isComment && !/^(?:\s|[[\]{},]$|:$|-$)/.test(token);
    if (isWord && at >= column && at <= end) {
      if (!isQuoted) return { start: lineStart + column, end: lineStart + end };
      const isClosed = token.length > 1 && token.endsWith(token[0]!);
      if (at > column && (at < end || !isClosed)) {
        return { start: lineStart + column + 1, end: lineStart + end - (isClosed ? 1 : 0) };
      }
    }
  }
  return { start: offset, end: offset };
}
