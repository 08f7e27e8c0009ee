import { Command, CommanderError } from 'commander';
import { formatProblem, ProblemError } from '../vocabulary/problem.ts';
import type { Cli } from './cli-context.ts';
import { bugReportCommand } from './commands/bug-report.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { describeExitCodes, EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { metricsCommand } from './commands/metrics.ts';
import { resumeCommand } from './commands/resume.ts';
import { runsCommand } from './commands/runs.ts';
import { showCommand } from './commands/show.ts';
import { startCommand } from './commands/start.ts';
import { stopCommand } from './commands/stop.ts';
import { outJson } from './terminal.ts';
import { validateCommand } from './commands/validate.ts';

/** What a process gives to a command line; `finish` is the program's own. */
export type CliContext = Omit<Cli, 'finish'> & {
  /** Whether errors show their stacks. */
  readonly isDebug: boolean;
};

/** Runs a command line (`start configs/quickstart.yml`) and gives the exit code. Every failure is told here, nowhere else. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const cli: Cli = { ...context, finish: (value) => (code = value) };
  try {
    await programOf(cli).parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, context, args.includes('--json'));
  }
}

function programOf(cli: Cli): Command {
  const { terminal, version } = cli;
  const program = new Command('esci-lab')
    .description('Fine-tune, evaluate and inspect product-search rankers.')
    .version(version)
    .addHelpText(
      'after',
      `\nExit codes:\n${describeExitCodes()}\n\nESCI_LAB_DEBUG=1 shows the stack of every error. NO_COLOR=1 turns colours off.`,
    );
  const commands = [
    startCommand(cli),
    resumeCommand(cli),
    stopCommand(cli),
    evaluateCommand(cli),
    runsCommand(cli),
    showCommand(cli),
    validateCommand(cli),
    metricsCommand(),
    bugReportCommand(cli),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of [program, ...commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help shows what there is)')
      .configureOutput({
        writeOut: (text) => terminal.out(text),
        writeErr: (text) => terminal.err(text),
        getOutHelpWidth: () => Math.min(100, terminal.width()),
        getErrHelpWidth: () => Math.min(100, terminal.width()),
      });
  }
  return program;
}

/** Says what went wrong, and gives the exit code for it. */
function reportError(error: unknown, { terminal, isDebug }: CliContext, isJson: boolean): ExitCode {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { paintErr } = terminal;
  const stack = isDebug && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (error instanceof ProblemError) {
    if (isJson) outJson(terminal, { type: 'problem', problem: error.problem });
    terminal.err(`${paintErr('red', 'error:')} ${formatProblem(error.problem)}\n${stack}`);
    return EXIT.problem;
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isJson) outJson(terminal, { type: 'problem', problem: { code: 'bug', message } });
  const next = isDebug ? '' : 'This is a bug; please report it with what ESCI_LAB_DEBUG=1 shows.\n';
  terminal.err(`${paintErr('red', 'unexpected:')} ${message}\n${next}${stack}`);
  return EXIT.bug;
}
