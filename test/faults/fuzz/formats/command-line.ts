import { EXIT } from '../../../../src/cli/exit-codes.ts';
import { runCli } from '../../../../src/cli/main.ts';
import { openTerminal } from '../../../../src/cli/terminal.ts';
import { ProblemError } from '../../../../src/vocabulary/problem.ts';

/** What a terminal obeys, line end and tab left out: the categories control and format-of-direction of Unicode. */
const OBEYED = /(?![\n\t])\p{Cc}|\p{Bidi_Control}/u;
/** Marks of direction that change no order but that of their neighbours: they belong to texts in Arabic and Hebrew. */
const HARMLESS = /[\u061c\u200e\u200f]/g;

/**
 * Runs a command line of the product and gives what it prints. What it calls a bug is thrown, with the stack that it prints; what it
 * calls a problem as a problem. Other exit codes tell how a run has ended. Nothing that is printed may be a control character.
 */
export async function commandLine(...args: readonly string[]): Promise<string> {
  let [out, err] = ['', ''];
  const terminal = openTerminal({
    write: (text) => void (out += text),
    writeError: (text) => void (err += text),
    isScreen: false,
    width: () => 100,
    hasColours: { out: false, err: false },
  });
  const code = await runCli(args, {
    terminal,
    trainerScript: '',
    command: 'esci-lab',
    version: '1.2.3',
    ask: () => Promise.resolve(undefined),
    isDebug: true,
    onInterrupt: () => () => undefined,
  });
  const obeyed = OBEYED.exec((out + err).replace(HARMLESS, ''));
  if (obeyed !== null) throw new Error(`promised no control on the terminal, found ${around(obeyed)}`);
  if (code === EXIT.bug) throw Object.assign(new Error(err.split('\n', 1)[0]), { name: args[0], stack: err });
  if (code === EXIT.problem || code === EXIT.usage) throw new ProblemError({ code: 'refused', message: err });
  return out;
}

/** What was found, with some of what is before it. */
function around({ input, index }: RegExpExecArray): string {
  return JSON.stringify(input.slice(Math.max(0, index - 40), index + 1).replaceAll('"', "'"));
}
