import { EXIT } from '../../../../src/cli/exit-codes.ts';
import { runCli } from '../../../../src/cli/main.ts';
import { ProblemError } from '../../../../src/protocol/problem.ts';

/**
 * Runs a command line of the product and gives what it prints. What it calls a bug is thrown, with the stack that it prints; what it
 * calls a problem as a problem. Other exit codes tell how a run has ended.
 */
export async function commandLine(...args: readonly string[]): Promise<string> {
  let [out, err] = ['', ''];
  const code = await runCli(args, {
    terminal: {
      out: (text) => (out += text),
      err: (text) => (err += text),
      redraw: (text) => (out += text),
      isScreen: false,
      width: () => 100,
      paint: (_style, text) => text,
      paintErr: (_style, text) => text,
    },
    trainerScript: '',
    command: 'esci-lab',
    version: '1.2.3',
    ask: () => Promise.resolve(undefined),
    isDebug: true,
    onInterrupt: () => () => undefined,
  });
  if (code === EXIT.bug) throw Object.assign(new Error(err.split('\n', 1)[0]), { name: args[0], stack: err });
  if (code === EXIT.problem || code === EXIT.usage) throw new ProblemError({ code: 'refused', message: err });
  return out;
}
