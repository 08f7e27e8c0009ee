import { fileURLToPath } from 'node:url';
import { runCli } from '../../../src/cli/main.ts';
import { openTerminal } from '../../../src/cli/terminal.ts';

/** A trainer without a model; it imports the product's TypeScript, so it needs `LOADER`. */
const FAKE_TRAINER = fileURLToPath(new URL('../../fixtures/process/trainer.mjs', import.meta.url));
export const LOADER = `--import ${import.meta.resolve('tsx')}`;

export interface CliRun {
  readonly code: Promise<number>;
  out(): string;
  err(): string;
  /** As a person's Ctrl-C. */
  interrupt(): void;
  /** Settles once `out` contains the text, or what the pattern means. */
  says(text: string | RegExp): Promise<void>;
}

export interface CliOptions {
  readonly isScreen?: boolean;
  readonly width?: number;
  readonly isDebug?: boolean;
  readonly hasColours?: boolean;
  readonly trainerScript?: string;
  /** Lines that the person types when they are asked; nobody can be asked without any. */
  readonly answers?: readonly string[];
}

/** Runs a command line in this process with a captured terminal. */
export function startCli(args: readonly string[], options: CliOptions = {}): CliRun {
  let [out, err] = ['', ''];
  const listeners = new Set<() => void>();
  const waiting = new Set<() => void>();
  const answers = [...(options.answers ?? [])];
  const code = runCli(args, {
    terminal: openTerminal({
      write: (text) => {
        out += text;
        for (const look of waiting) look();
      },
      writeError: (text) => void (err += text),
      isScreen: options.isScreen ?? false,
      width: () => options.width ?? Infinity,
      hasColours: { out: options.hasColours ?? false, err: options.hasColours ?? false },
    }),
    trainerScript: options.trainerScript ?? FAKE_TRAINER,
    command: 'esci-lab',
    version: '1.2.3',
    ask: (question) => {
      err += question;
      return Promise.resolve(answers.shift());
    },
    isDebug: options.isDebug ?? false,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  });
  const says = (text: string | RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === 'string' ? !out.includes(text) : !text.test(out)) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
      void code.then(() => reject(new Error(`ended without “${String(text)}”:\n${out}\n${err}`)));
    });
  return {
    code,
    out: () => out,
    err: () => err,
    interrupt: () => {
      if (listeners.size === 0) throw new Error('nobody listens to Ctrl-C');
      for (const listener of listeners) listener();
    },
    says,
  };
}

/** Runs a command line to its end. */
export async function cli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<{ code: number; out: string; err: string }> {
  const run = startCli(args, options);
  const code = await run.code;
  return { code, out: run.out(), err: run.err() };
}
