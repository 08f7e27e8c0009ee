import type { YAMLException } from 'js-yaml';
import type { Document, ErrorCode } from 'yaml';
import { isAlias, isCollection, isScalar, visit } from 'yaml';
import { lineCounter, shortened, type Finding } from '../config-problem.ts';
import { lineMistakes } from './line-mistakes.ts';

/** What was expected where `yaml` stumbles; its own words stand where the table has none. */
const EXPECTED: Partial<Record<ErrorCode, string>> = {
  TAB_AS_INDENT: 'blanks: YAML does not indent by tabs',
  BAD_INDENT: 'a line indented as its neighbours, and every bracket closed',
  BAD_SCALAR_START: 'quotes around a value that starts with this character',
  BLOCK_AS_IMPLICIT_KEY: 'one `key: value` on a line; a value with `: ` in it needs quotes',
  MISSING_CHAR: 'the closing quote or bracket, or a colon behind the key',
  MULTILINE_IMPLICIT_KEY: '`key: value` on one line',
  UNEXPECTED_TOKEN: 'a `key: value` or `- item` at this indentation',
  BAD_ALIAS: 'the name of an anchor',
  BAD_DQ_ESCAPE: 'a valid escape sequence; a backslash in double quotes is written \\\\',
};

/** Characters of a word or line that are looked at to name it. */
const MAX_WORD = 200;

/** Errors behind which the tree is still as the person meant it. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['DUPLICATE_KEY']);

/** The syntax problems of a text, and the offset up to which its tree can be trusted. */
export function syntaxFindings(
  text: string,
  doc: Document.Parsed,
  refusal: YAMLException | undefined,
): { findings: Finding[]; soundUntil: number } {
  if (refusal === undefined && doc.errors.length === 0) return { findings: [], soundUntil: Infinity };
  // A text without any content is told by the caller, in one way for all kinds of emptiness.
  if (doc.contents === null && doc.errors.length === 0 && refusal?.mark === undefined) {
    return { findings: [], soundUntil: Infinity };
  }
  const lineFindings = lineMistakes(text);
  const findings: Finding[] = [...lineFindings];
  let soundUntil = lineFindings[0]?.start ?? Infinity;
  const placeOf = lineCounter(text);
  // A parser error on the line of a mistake, or on the next, only echoes it.
  const explained = new Set(lineFindings.map(({ start }) => placeOf(start).line).flatMap((line) => [line, line + 1]));
  const openingBefore = openings(doc);
  for (const error of doc.errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const [start, end] = [Math.min(error.pos[0], text.length), Math.min(error.pos[1], text.length)];
    if (!HARMLESS.has(error.code)) soundUntil = Math.min(soundUntil, start);
    if (explained.has(placeOf(start).line)) continue;
    const opening = openingBefore(start);
    findings.push(unclosed(error.message, opening) ?? fromParser(text, error.code, error.message, start, end));
  }
  if (refusal !== undefined && doc.errors.length === 0) {
    const at = Math.min(refusal.mark?.position ?? 0, text.length);
    // js-yaml points behind the star of an alias.
    const start = text[at - 1] === '*' ? at - 1 : at;
    if (!refusal.reason.startsWith('duplicated')) soundUntil = Math.min(soundUntil, text.length);
    findings.push(fromRefusal(text, doc, refusal.reason, start));
  }
  return { findings: withoutEchoes(findings, (at) => placeOf(at).line), soundUntil };
}

function fromParser(text: string, code: ErrorCode, message: string, start: number, end: number): Finding {
  if (code === 'MULTIPLE_DOCS') {
    return syntax(
      'several-documents',
      start,
      Math.min(end, start + 3),
      'a second document (---)',
      'one experiment a file',
    );
  }
  if (code === 'DUPLICATE_KEY') {
    const key = /^[\w.@-]+/.exec(text.slice(start, start + MAX_WORD))?.[0] ?? '';
    return syntax('duplicate-key', start, start + Math.max(1, key.length), `the key ${key} again`, 'each key once');
  }
  const expected = EXPECTED[code] ?? shortened(message.replace(/ at line \d+.*$/s, ''));
  return syntax('yaml-syntax', start, Math.max(end, start), excerpt(text, start), expected);
}

/** A quote or bracket that is never closed, shown where it opens: the parser notices at the end of what it swallowed. */
function unclosed(message: string, opening: number | undefined): Finding | undefined {
  const closing = /^Missing closing (["'])|^Flow (?:map|sequence) .*end with an? ([\]}])/.exec(message);
  const mark = closing?.[1] ?? closing?.[2];
  if (mark === undefined || opening === undefined) return undefined;
  const opener = mark === '}' ? '{' : mark === ']' ? '[' : mark;
  return syntax('yaml-syntax', opening, opening + 1, `a ${opener} that nothing closes`, `a ${mark} behind it`);
}

/**
 * Tells where the innermost quoted text or bracket begins that is open at an offset. Offsets are asked for in ascending order, so
 * that all are found in one pass.
 */
function openings(doc: Document.Parsed): (at: number) => number | undefined {
  const ranges: (readonly [start: number, end: number])[] = [];
  visit(doc, {
    Node: (_key, node) => {
      if (isAlias(node) || node.range == null) return;
      const isQuoted = isScalar(node) && node.type?.startsWith('QUOTE') === true;
      if (isQuoted || (isCollection(node) && node.flow === true)) ranges.push([node.range[0], node.range[2]]);
    },
  });
  const open: (readonly [start: number, end: number])[] = [];
  let next = 0;
  return (at) => {
    while (next < ranges.length && ranges[next]![0] < at) open.push(ranges[next++]!);
    while (open.length > 0 && open.at(-1)![1] < at) open.pop();
    return open.at(-1)?.[0];
  };
}

/** A text that `yaml` reads and js-yaml does not: an alias without anchor, an unknown tag, a control character. */
function fromRefusal(text: string, doc: Document.Parsed, reason: string, start: number): Finding {
  if (reason.startsWith('unidentified alias')) {
    const names = anchorsOf(doc);
    const expected =
      names.length === 0
        ? 'an alias of an anchor (&name) above'
        : `one of ${shortened(names.map((n) => `*${n}`).join(', '))}`;
    return syntax('yaml-syntax', start, wordEnd(text, start), excerpt(text, start), expected);
  }
  if (reason.startsWith('duplicated')) {
    return syntax(
      'duplicate-key',
      start,
      wordEnd(text, start),
      `the key ${excerpt(text, start)} again`,
      'each key once',
    );
  }
  if (reason.includes('complex keys')) {
    const [from, to] = complexKey(doc) ?? [start, start + 1];
    return syntax('yaml-syntax', from, to, 'a list or mapping as a key', 'a name');
  }
  if (reason.includes('tag'))
    return syntax('yaml-syntax', start, wordEnd(text, start), excerpt(text, start), 'a value without a tag');
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control !== null) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return syntax('yaml-syntax', control.index, control.index + 1, `the control character U+${code}`, 'printable text');
  }
  return syntax(
    'yaml-syntax',
    start,
    wordEnd(text, start),
    excerpt(text, start),
    `plain YAML 1.2: ${shortened(reason)}`,
  );
}

function complexKey(doc: Document.Parsed): readonly [number, number] | undefined {
  let found: readonly [number, number] | undefined;
  visit(doc, {
    Pair: (_key, { key }) => {
      if (isCollection(key) && key.range != null) found ??= [key.range[0], key.range[1]];
    },
  });
  return found;
}

function anchorsOf(doc: Document.Parsed): string[] {
  const names: string[] = [];
  visit(doc, {
    Node: (_key, node) => {
      if (!isAlias(node) && node.anchor !== undefined && node.anchor !== '') names.push(node.anchor);
    },
  });
  return names;
}

/** The first syntax error of each line: what follows it there is its consequence. */
function withoutEchoes(findings: readonly Finding[], lineOf: (offset: number) => number): Finding[] {
  const seen = new Set<number>();
  return [...findings]
    .sort((a, b) => a.start - b.start)
    .filter(({ code, start }) => {
      const line = lineOf(start);
      const isEcho = code === 'yaml-syntax' && seen.has(line);
      seen.add(line);
      return !isEcho;
    });
}

function wordEnd(text: string, start: number): number {
  return start + Math.max(1, /^[^\s,\]}]*/.exec(text.slice(start, start + MAX_WORD))![0].length);
}

function excerpt(text: string, start: number): string {
  const rest = /^[^\n\r]*/.exec(text.slice(start, start + MAX_WORD))![0].trimEnd();
  if (rest === '') return start >= text.length ? 'the end of the file' : 'the end of the line';
  if (rest.startsWith('\t')) return 'a tab';
  return `\`${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}\``;
}

function syntax(code: Finding['code'], start: number, end: number, found: string, expected: string): Finding {
  return { severity: 'error', code, path: '', found, expected, start, end };
}
