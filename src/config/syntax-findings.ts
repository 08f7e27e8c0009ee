import type { YAMLException } from 'js-yaml';
import type { Document, ErrorCode } from 'yaml';
import { isAlias, isCollection, isScalar, visit } from 'yaml';
import type { Finding } from './config-problem.ts';
import { OPTIONS, SECTIONS } from './options.ts';

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
  let soundUntil = Math.min(Infinity, ...lineFindings.map(({ start }) => start));
  for (const error of doc.errors) {
    const [start, end] = [Math.min(error.pos[0], text.length), Math.min(error.pos[1], text.length)];
    if (!HARMLESS.has(error.code)) soundUntil = Math.min(soundUntil, start);
    if (isExplained(text, start, lineFindings)) continue;
    findings.push(unclosed(doc, error.message, start) ?? fromParser(text, error.code, error.message, start, end));
  }
  if (refusal !== undefined && doc.errors.length === 0) {
    const at = Math.min(refusal.mark?.position ?? 0, text.length);
    // js-yaml points behind the star of an alias.
    const start = text[at - 1] === '*' ? at - 1 : at;
    if (!refusal.reason.startsWith('duplicated')) soundUntil = Math.min(soundUntil, text.length);
    findings.push(fromRefusal(text, doc, refusal.reason, start));
  }
  return { findings: withoutEchoes(text, findings), soundUntil };
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
    const key = /^[\w.@-]+/.exec(text.slice(start))?.[0] ?? '';
    return syntax('duplicate-key', start, start + Math.max(1, key.length), `the key ${key} again`, 'each key once');
  }
  const expected = EXPECTED[code] ?? message.replace(/ at line \d+.*$/s, '');
  return syntax('yaml-syntax', start, Math.max(end, start), excerpt(text, start), expected);
}

/** A quote or bracket that is never closed, shown where it opens: the parser notices at the end of what it swallowed. */
function unclosed(doc: Document.Parsed, message: string, at: number): Finding | undefined {
  const closing = /^Missing closing (["'])|^Flow (?:map|sequence) .*end with an? ([\]}])/.exec(message);
  const mark = closing?.[1] ?? closing?.[2];
  if (mark === undefined) return undefined;
  let opening: number | undefined;
  visit(doc, {
    Node: (_key, node) => {
      const range = isAlias(node) ? undefined : node.range;
      const isOpen = isScalar(node)
        ? node.type?.startsWith('QUOTE') === true
        : isCollection(node) && node.flow === true;
      if (isOpen && range != null && range[0] < at && range[2] >= at) opening = range[0];
    },
  });
  if (opening === undefined) return undefined;
  const opener = mark === '}' ? '{' : mark === ']' ? '[' : mark;
  return syntax('yaml-syntax', opening, opening + 1, `a ${opener} that nothing closes`, `a ${mark} behind it`);
}

/** A text that `yaml` reads and js-yaml does not: an alias without anchor, an unknown tag, a control character. */
function fromRefusal(text: string, doc: Document.Parsed, reason: string, start: number): Finding {
  if (reason.startsWith('unidentified alias')) {
    const names = anchorsOf(doc);
    const expected =
      names.length === 0 ? 'an alias of an anchor (&name) above' : `one of ${names.map((n) => `*${n}`).join(', ')}`;
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
  return syntax('yaml-syntax', start, wordEnd(text, start), excerpt(text, start), `plain YAML 1.2: ${reason}`);
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

const KEYS = new Set(
  [...Object.keys(OPTIONS), ...Object.keys(SECTIONS)].flatMap((path) =>
    path.split(/\[?\]?\./).map((k) => k.replace('[]', '')),
  ),
);

/** `batch_size:64`, `batch_size 64` and `batch_size = 64` for a known key: the parser's words for them help nobody. */
export function lineMistakes(text: string): Finding[] {
  const findings: Finding[] = [];
  for (const match of text.matchAll(
    /^([ \t]*(?:- +)?)([A-Za-z_]+)(:(?=[^\s:])|[ \t]*=[ \t]*|[ \t]+(?=[^\s:#]))([^\n\r]*)/gm,
  )) {
    const [, indent, key, separator, rest] = match;
    if (!KEYS.has(key!) || /^\s*:/.test(rest!)) continue;
    const isGlued = separator === ':';
    // A sentence that happens to begin with a key's name is no setting.
    if (!isGlued && /\S\s+[^\s#]/.test(rest!)) continue;
    const start = match.index + indent!.length + key!.length;
    findings.push({
      severity: 'error',
      code: 'yaml-syntax',
      path: '',
      found: `\`${(key! + separator! + rest!).trim().slice(0, 60)}\``,
      expected: isGlued ? 'a blank behind the colon' : 'a colon and a blank behind the key',
      start: start - key!.length,
      end: start + separator!.length + rest!.trimEnd().length,
      fix: {
        kind: 'replace',
        title: isGlued ? 'Insert a blank' : 'Insert a colon',
        start,
        end: start + separator!.length,
        text: ': ',
      },
    });
  }
  return findings;
}

/** Whether a parser error only echoes a mistake that is told already: on its line or the next. */
function isExplained(text: string, at: number, mistakes: readonly Finding[]): boolean {
  return mistakes.some(({ start, end }) => {
    const nextLineEnd = /^[^\n]*(?:\n[^\n]*)?/.exec(text.slice(end))?.[0].length ?? 0;
    return at >= lineStart(text, start) && at <= end + nextLineEnd;
  });
}

/** The first syntax error of each line: what follows it there is its consequence. */
function withoutEchoes(text: string, findings: readonly Finding[]): Finding[] {
  const seen = new Set<number>();
  return [...findings]
    .sort((a, b) => a.start - b.start)
    .filter(({ code, start }) => {
      const line = lineStart(text, start);
      const isEcho = code === 'yaml-syntax' && seen.has(line);
      seen.add(line);
      return !isEcho;
    });
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function wordEnd(text: string, start: number): number {
  return start + Math.max(1, /^[^\s,\]}]*/.exec(text.slice(start, start + 200))![0].length);
}

function excerpt(text: string, start: number): string {
  const rest = /^[^\n\r]*/.exec(text.slice(start, start + 200))![0].trimEnd();
  if (rest === '') return start >= text.length ? 'the end of the file' : 'the end of the line';
  if (rest.startsWith('\t')) return 'a tab';
  return `\`${rest.length > 40 ? `${rest.slice(0, 40)}…` : rest}\``;
}

function syntax(code: Finding['code'], start: number, end: number, found: string, expected: string): Finding {
  return { severity: 'error', code, path: '', found, expected, start, end };
}
