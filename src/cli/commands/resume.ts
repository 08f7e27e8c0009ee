import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ProblemError } from '../../vocabulary/problem.ts';
import { FOREIGN_DEAD_MS } from '../../runs/liveness.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';
import { commandWithRuns, suggest } from '../cli-context.ts';
import type { Cli } from '../cli-context.ts';
import { findRun } from '../../runs/find-run.ts';
import { foldLog, LATEST_STEPS } from '../../runs/log/fold-log.ts';
import { launchRun } from '../launch-run.ts';
import type { LaunchOptions } from '../launch-run.ts';
import { INTERRUPT_HELP, keepAwakeOption } from './start.ts';

/** `esci-lab resume`: a run goes on from its newest checkpoint. */
export function resumeCommand(cli: Cli): Command {
  return commandWithRuns('resume')
    .description('go on with a run that was stopped, failed or crashed, from its newest checkpoint')
    .argument('<run>', 'id or its beginning, name, folder, or latest')
    .option('--detach', 'start the trainer and return')
    .addOption(keepAwakeOption())
    .addOption(
      new Option(
        '--final-step <step>',
        'test and save the checkpoint of this step when the best one is lost',
      ).argParser(stepOption),
    )
    .addHelpText('after', INTERRUPT_HELP)
    .action((run: string, options: ResumeOptions) => resume(cli, run, options));
}

interface ResumeOptions extends LaunchOptions {
  readonly finalStep?: number;
}

function stepOption(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a step, a whole number.');
}

/** Why a run of a status is not resumed, and the words of the command that helps instead. */
const REFUSED: Readonly<Partial<Record<ShownStatus, { message: string; words: (id: string) => string[] }>>> = {
  finished: {
    message: 'This run has finished; there is nothing to resume.',
    words: (id) => ['show', id],
  },
  running: { message: 'This run is running.', words: (id) => ['show', id, '--follow'] },
  stale: {
    message: 'This run’s process exists but shows no sign of life: the machine may have slept.',
    words: (id) => ['stop', id],
  },
};

/** A process that cannot be asked for: another machine's, or this one's under an earlier name. */
function silentElsewhere(host: string): string {
  const minutes = FOREIGN_DEAD_MS / 60_000;
  return `This run’s trainer on ${host} shows no sign of life. It counts as dead after ${minutes} minutes; then the run can be resumed here.`;
}

async function resume(cli: Cli, wanted: string, options: ResumeOptions): Promise<void> {
  const { id, runDir: foundDir, record, status } = await findRun(options.runs, wanted);
  const runDir = resolve(foundDir);
  const refused = REFUSED[status];
  if (refused !== undefined) {
    const next = suggest(cli, options.runs, ...refused.words(id));
    const { host } = record.process ?? {};
    const isForeign = status === 'stale' && host !== undefined && host !== hostname();
    const message = isForeign ? silentElsewhere(host) : refused.message;
    throw new ProblemError({ code: 'cannot-resume', message, where: id, next });
  }
  const chosen = options.finalStep === undefined ? {} : { finalStep: options.finalStep };
  const job =
    record.job === 'train'
      ? ({ kind: 'train', runDir, resume: true, ...chosen } as const)
      : ({ kind: 'evaluate', runDir } as const);
  await launchRun(cli, id, job, options, await foldLog(runDir, { keptSteps: LATEST_STEPS }));
}
