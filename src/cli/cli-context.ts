import { Command, Option } from 'commander';
import { shellQuote, shellQuotePath } from '../process/shell-quote.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** What every command works with: the process's own in `src/cli.ts`, others in tests. */
export interface Cli {
  readonly terminal: Terminal;
  /** Absolute path of the bundled trainer. */
  readonly trainerScript: string;
  /** How a person calls this program, for commands that are suggested. */
  readonly command: string;
  /** Calls back at each Ctrl-C in place of ending the program; gives the way to end that. */
  onInterrupt(listener: () => void): () => void;
  /** Asks the person and gives the line that they type; undefined where nobody can be asked, or the input has ended. */
  ask(question: string): Promise<string | undefined>;
  /** Version of ESCI Lab. */
  readonly version: string;
  /** Sets the exit code; the last call counts. */
  finish(code: ExitCode): void;
}

/** Options that every command with runs has. */
export interface CommonOptions {
  readonly runs: string;
  readonly json?: true;
}

const DEFAULT_RUNS = 'runs';

/** A command with `--runs` and `--json`. */
export function commandWithRuns(name: string): Command {
  return new Command(name)
    .option('--runs <folder>', 'folder of the runs', DEFAULT_RUNS)
    .option('--json', 'print JSON for programs');
}

/** `--set key=value`, which may be repeated. */
export function setOptionOf(): Option {
  return new Option(
    '--set <key=value>',
    'change an option of the experiment, for example --set data.locale=us; repeatable',
  )
    .argParser((value: string, before: readonly string[]) => [...before, value])
    .default([], 'none');
}

/** A command line that a person can copy, for example `esci-lab resume ID`, quoted for the shell; names the runs folder unless it is the usual one. */
export function suggest(cli: Cli, runsFolder: string, ...words: readonly string[]): string {
  const isUsual = runsFolder === DEFAULT_RUNS || runsFolder === `./${DEFAULT_RUNS}`;
  const folder = isUsual ? [] : ['--runs', shellQuotePath(runsFolder)];
  return [cli.command, ...words.map((word) => shellQuote(word)), ...folder].join(' ');
}
