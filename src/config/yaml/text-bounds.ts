import { Lexer } from 'yaml';
import type { Finding } from '../config-problem.ts';
import { MAX_BYTES, MAX_DEPTH, MAX_LINES, MAX_NODES } from './limits.ts';

/**
 * What keeps a text from being parsed at all, found by one linear scan. The parsers take quadratic time for some long texts
 * and build a tree for every bracket of a broken one, so they see only what is small.
 */
export function boundFinding(text: string): Finding | undefined {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return tooLarge(0, `a file of more than ${MAX_BYTES} bytes`, 'an experiment, which takes a few thousand');
  }
  const line = startOfLine(text, MAX_LINES);
  if (line !== undefined) return tooLarge(line, `more than ${MAX_LINES} lines`, 'an experiment');
  return tokenFinding(text);
}

/** A text that is refused as a whole, shown where it goes beyond a bound. */
export function tooLarge(start: number, found: string, expected: string, end = start + 1): Finding {
  return { severity: 'error', code: 'too-large', path: '', found, expected, start, end };
}

/** More collections inside each other than are read. */
export function tooDeep(start: number): Finding {
  return tooLarge(start, `more than ${MAX_DEPTH} lists or mappings inside each other`, 'an experiment');
}

/** Offset of the line with this number, from 0; undefined when there are fewer. */
function startOfLine(text: string, line: number): number | undefined {
  let n = 0;
  for (const { index } of text.matchAll(/\r\n?|\n/g)) if (++n === line) return index + 1;
  return undefined;
}

/** Tokens without a meaning of their own: blanks, comments, marks that the lexer puts in. */
const SILENT = /^[ \t\r\n#\u0002\u0018\u001f\uFEFF]/;

const SCALAR = '\u001f';
const END_OF_FLOW = '\u0018';

function tokenFinding(text: string): Finding | undefined {
  const depth = depthCounter();
  let [offset, lineStart, nTokens, isScalar] = [0, 0, 0, false];
  for (const token of new Lexer().lex(text)) {
    const column = offset - lineStart;
    if (isScalar) depth.content(column);
    else if (token === END_OF_FLOW) depth.endFlow();
    else if (!SILENT.test(token)) depth.sign(token, column);
    if (isScalar || !SILENT.test(token)) nTokens++;
    if (nTokens > MAX_NODES) return tooLarge(offset, `more than ${MAX_NODES} keys, values and signs`, 'an experiment');
    if (depth.now() > MAX_DEPTH) return tooDeep(offset);
    isScalar = token === SCALAR;
    if (isMark(token)) continue;
    offset += token.length;
    const lineEnd = token.lastIndexOf('\n');
    if (lineEnd < 0) continue;
    lineStart = offset - (token.length - lineEnd - 1);
    depth.line();
  }
  return undefined;
}

/** A token that stands for nothing in the text. */
function isMark(token: string): boolean {
  return token === SCALAR || token === END_OF_FLOW || token === '\u0002';
}

/** Follows how many collections are open: brackets by their signs, the others by the columns where they begin. */
function depthCounter() {
  const columns: number[] = [];
  let nBrackets = 0;
  /** Column of the key that a colon would end. */
  let key: number | undefined;

  function open(column: number): void {
    while (columns.length > 0 && columns.at(-1)! > column) columns.pop();
    if (columns.at(-1) !== column) columns.push(column);
    key = undefined;
  }

  function sign(token: string, column: number): void {
    if (token === '[' || token === '{') nBrackets++;
    else if (token === ']' || token === '}') nBrackets = Math.max(0, nBrackets - 1);
    else if (token === '---' || token === '...') columns.length = 0;
    else if (nBrackets > 0) return;
    else if (token === '-' || token === '?') open(column);
    else if (token === ':') open(key ?? column);
    if (token !== '-' && token !== '?' && token !== ':') key ??= column;
  }

  return {
    sign,
    content: (column: number): void => void (key ??= column),
    endFlow: (): void => void (nBrackets = 0),
    line: (): void => void (key = undefined),
    now: () => columns.length + nBrackets,
  };
}
