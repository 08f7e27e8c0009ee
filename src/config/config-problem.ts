import type { Problem } from '../vocabulary/problem.ts';

/** An edit of the text that repairs a problem: replaces offsets `start`…`end` (UTF-16 units) by `text`. */
export interface ConfigFix {
  readonly kind: 'replace';
  /** For the menu, for example `Change to learning_rate`. */
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Stable names of what can be wrong with an experiment's text. */
export type ConfigProblemCode =
  | 'yaml-syntax'
  | 'too-large'
  | 'more-problems'
  | 'empty'
  | 'not-a-mapping'
  | 'several-documents'
  | 'duplicate-key'
  | 'unknown-key'
  | 'missing-key'
  | 'wrong-type'
  | 'out-of-range'
  | 'unknown-value'
  | 'conflict'
  | 'no-effect'
  | 'quoted-value'
  | 'unusual';

/** One thing wrong with an experiment's text, and where. An experiment with a problem of severity error does not start. */
export interface ConfigProblem {
  readonly file: string;
  readonly severity: 'error' | 'warning';
  readonly code: ConfigProblemCode;
  /** Path of the option or section, for example `training_blocks[1].training`; '' for the file. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
  /** The value or key that was probably meant. */
  readonly suggestion?: string;
  /** One sentence made of the fields above. */
  readonly message: string;
  /** Offsets in the text, in UTF-16 units; `end` is exclusive and may equal `start`. */
  readonly start: number;
  readonly end: number;
  /** 1-based, columns in UTF-16 units; the end is exclusive. */
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly fix?: ConfigFix;
}

/** A problem before its place is known in lines and columns. */
export type Finding = Omit<ConfigProblem, 'file' | 'message' | 'line' | 'column' | 'endLine' | 'endColumn'>;

/** The problem as a line such as `model.yml:3:5 error: learning_rate: found "fast", expected a number > 0`. */
export function formatConfigProblem({ file, line, column, severity, message }: ConfigProblem): string {
  return `${file}:${line}:${column} ${severity}: ${message}`;
}

/** All problems of a file as the one problem that a command or a trainer reports. */
export function toProblem(problems: readonly ConfigProblem[]): Problem {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  const lines = errors.map(formatConfigProblem);
  return {
    code: 'bad-experiment',
    message: `${errors.length === 1 ? 'one thing is' : `${errors.length} things are`} wrong with the experiment\n${lines.join('\n')}`,
    ...(first === undefined ? {} : { where: `${first.file}:${first.line}:${first.column}` }),
    next: 'Correct the experiment and start it again; `esci-lab validate` checks it alone.',
  };
}

/** Turns offsets into 1-based lines and columns; lines end at \n, \r\n or \r, and a byte order mark takes no column. */
export function lineCounter(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, offset - starts[low]!) + 1 };
  };
}

/** The problems of findings in a file's text, in the order of their places. */
export function locate(file: string, text: string, findings: readonly Finding[]): ConfigProblem[] {
  const placeOf = lineCounter(text);
  return findings
    .map((finding) => {
      const [start, end] = [placeOf(finding.start), placeOf(finding.end)];
      return {
        ...finding,
        file,
        message: messageOf(finding),
        line: start.line,
        column: start.column,
        endLine: end.line,
        endColumn: end.column,
      };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** What a finding says, in one sentence. */
export function messageOf({
  path,
  found,
  expected,
  suggestion,
}: Pick<Finding, 'path' | 'found' | 'expected' | 'suggestion'>): string {
  const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
  return `${path === '' ? '' : `${shortened(path)}: `}found ${found}, expected ${expected}${hint}`;
}

/** What keeps a text from being edited, in words. */
export function brokenText({ code, found, expected }: Pick<Finding, 'code' | 'found' | 'expected'>): string {
  const reason = code === 'too-large' ? 'the file is too large' : 'the file has a syntax error';
  return `${reason}: found ${found}, expected ${expected}`;
}

/** A text of which a message shows no more than a line has room for. */
export function shortened(text: string, maxLength = 100): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
}
