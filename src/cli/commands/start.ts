import type { Command } from 'commander';
import { Option } from 'commander';
import { resolve } from 'node:path';
import { createRun } from '../../runs/create-run.ts';
import { commandWithRuns, setOptionOf } from '../cli-context.ts';
import type { Cli } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import { readExperimentFile } from '../experiment-file.ts';
import { requireStoredBaseline } from '../require-stored-baseline.ts';
import { printDryRun } from './dry-run.ts';
import { launchRun } from '../launch-run.ts';
import type { LaunchOptions } from '../launch-run.ts';
import { reportProblems } from '../report-problems.ts';

interface StartOptions extends LaunchOptions {
  readonly set: readonly string[];
  readonly name?: string;
  readonly dryRun?: true;
}

/** `esci-lab start`: checks an experiment, creates its run, starts the trainer and watches it. */
export function startCommand(cli: Cli): Command {
  return commandWithRuns('start')
    .description('fine-tune and evaluate an experiment as a new run')
    .argument('<config>', 'experiment (YAML)')
    .addOption(setOptionOf())
    .option('--name <name>', 'name of the run; the file’s without it')
    .option('--dry-run', 'say what would run, and what it would take here, without running it')
    .option('--detach', 'start the trainer and return')
    .addOption(keepAwakeOption())
    .addHelpText('after', INTERRUPT_HELP)
    .action((config: string, options: StartOptions) => start(cli, config, options));
}

/** `--keep-awake`: whether the machine may fall asleep during the run. */
export function keepAwakeOption(): Option {
  return new Option('--keep-awake <yes|no>', 'keep the machine from falling asleep during the run')
    .choices(['yes', 'no'])
    .default('yes');
}

export const INTERRUPT_HELP = `
Ctrl-C asks the trainer to write a checkpoint and end; a second one ends it at once; a third leaves it alone.
The trainer is a process of its own: it goes on when the terminal is closed, and "show RUN --follow" watches it again.`;

async function start(cli: Cli, config: string, options: StartOptions): Promise<void> {
  const read = await readExperimentFile(config, options.set);
  reportProblems(cli, [read], options.json ?? false, 'errors');
  if (read.experiment === undefined) {
    cli.finish(EXIT.problem);
    return;
  }
  if (options.dryRun) {
    await printDryRun(cli, { ...read, experiment: read.experiment }, options);
    return;
  }
  const name = options.name ?? experimentName(config);
  const run = { name, job: 'train', experimentFile: read.path } as const;
  const runsFolder = resolve(options.runs);
  await requireStoredBaseline(runsFolder, read.experiment);
  const { runDir, record } = await createRun(runsFolder, read.text, run);
  await launchRun(cli, record.id, { kind: 'train', runDir, resume: false }, options);
}
