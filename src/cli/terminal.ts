import { painter } from './paint.ts';
import type { Paint } from './paint.ts';

/** Where the program writes. */
export interface Terminal {
  /** Results and progress. */
  out(text: string): void;
  /** What went wrong. */
  err(text: string): void;
  /** Whether `out` is a screen on which a line can be drawn again. */
  readonly isScreen: boolean;
  /** Columns of the screen; Infinity when `out` is a file or a pipe. */
  width(): number;
  readonly paint: Paint;
  readonly paintErr: Paint;
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
  const isScreen = stdout.isTTY && env['TERM'] !== 'dumb';
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    isScreen,
    // Some pseudo-terminals report no size.
    width: () => (stdout.isTTY ? stdout.columns || 80 : Infinity),
    paint: painter(stdout.isTTY && wantsColour),
    paintErr: painter(stderr.isTTY && wantsColour),
  };
}

/** Writes a value as one line of JSON. */
export function outJsonLine(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value)}\n`);
}

/** Writes a value as indented JSON. */
export function outJson(terminal: Terminal, value: unknown): void {
  terminal.out(`${JSON.stringify(value, null, 2)}\n`);
}

/** Writes lines. */
export function outLines(terminal: Terminal, lines: readonly string[]): void {
  if (lines.length > 0) terminal.out(`${lines.join('\n')}\n`);
}
