import { createInterface } from 'node:readline/promises';
import { CONTROL } from '../protocol/visible-text.ts';
import { painted, painter } from './format/paint.ts';
import type { Paint } from './format/paint.ts';

/** Where the program writes. No text that is given to it makes a screen do anything: controls but line end and tab are made visible. */
export interface Terminal {
  /** Results and progress. */
  out(text: string): void;
  /** What went wrong. */
  err(text: string): void;
  /** Empties the line of the cursor and writes there, on a screen; results and progress, as `out`. */
  redraw(text: string): void;
  /** Whether `out` is a screen on which a line can be drawn again. */
  readonly isScreen: boolean;
  /** Columns of the screen; Infinity when `out` is a file or a pipe. */
  width(): number;
  readonly paint: Paint;
  readonly paintErr: Paint;
}

/** What a terminal is made of; its texts are written as they are. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly isScreen: boolean;
  readonly width: () => number;
  /** Whether colours are wanted on the output and on the error output. */
  readonly hasColours: { readonly out: boolean; readonly err: boolean };
}

const CLEAR_LINE = '\r\u001b[2K';

/** The one way to a screen: the border at which texts become harmless, and marks of styles become colours. */
export function openTerminal({ write, writeError, isScreen, width, hasColours }: Screen): Terminal {
  return {
    out: (text) => write(painted(text)),
    err: (text) => writeError(painted(text)),
    redraw: (text) => write(CLEAR_LINE + painted(text)),
    isScreen,
    width,
    paint: painter(hasColours.out),
    paintErr: painter(hasColours.err),
  };
}

/**
 * The terminal of this process. A reader that goes away (`esci-lab runs | head`) ends the program without a word: a
 * trainer that it follows lives on.
 */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  const wantsColour = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return openTerminal({
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    isScreen: stdout.isTTY && env['TERM'] !== 'dumb',
    // Some pseudo-terminals report no size.
    width: () => (stdout.isTTY ? stdout.columns || 80 : Infinity),
    hasColours: { out: stdout.isTTY && wantsColour, err: stderr.isTTY && wantsColour },
  });
}

const EVERY_CONTROL = new RegExp(CONTROL, 'g');

/** A value as JSON in which also those controls are escaped that JSON leaves as they are. */
export function jsonText(value: unknown, indent?: number): string {
  const escape = (control: string): string => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, indent).replace(EVERY_CONTROL, escape);
}

/** Asks on this process's terminal; undefined where input or output is no terminal, or the input ends without a line. */
export async function askOnTerminal(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    return await Promise.race([lines.question(painted(question)), ended]);
  } finally {
    lines.close();
  }
}

/** Writes a value as one line of JSON. */
export function outJsonLine(terminal: Terminal, value: unknown): void {
  terminal.out(`${jsonText(value)}\n`);
}

/** Writes a value as indented JSON. */
export function outJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${jsonText(value, 2)}\n`);
}

/** Writes lines. */
export function outLines(terminal: Terminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.out(`${lines.join('\n')}\n`);
}
