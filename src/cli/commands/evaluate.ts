import type { Command } from 'commander';
import { Option } from 'commander';
import { basename, resolve } from 'node:path';
import { MODEL_TYPES } from '../../vocabulary/model-type.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { createRun } from '../../runs/create-run.ts';
import { requireStoredBaseline } from '../require-stored-baseline.ts';
import { commandWithRuns, setOptionOf } from '../cli-context.ts';
import type { Cli } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import { checkText, readExperimentFile } from '../experiment-file.ts';
import type { CheckedExperimentFile } from '../experiment-file.ts';
import { launchRun } from '../launch-run.ts';
import type { LaunchOptions } from '../launch-run.ts';
import { reportProblems } from '../report-problems.ts';
import { INTERRUPT_HELP, keepAwakeOption } from './start.ts';

interface EvaluateOptions extends LaunchOptions {
  readonly set: readonly string[];
  readonly name?: string;
  readonly model?: string;
  readonly data?: string;
  readonly type?: string;
}

/** `esci-lab evaluate`: a model as it is, on the test split of its data. */
export function evaluateCommand(cli: Cli): Command {
  return commandWithRuns('evaluate')
    .description('evaluate an experiment’s model as it is on the test split, as a new run')
    .argument('[config]', 'experiment (YAML); without it give --model and --data')
    .option('--model <name>', 'a folder, a hub id or bundled:NAME, in place of the experiment’s')
    .option('--data <uri>', 'a folder, a file, a hub id or bundled:NAME, in place of the experiment’s')
    .addOption(new Option('--type <type>', 'what the model is').choices(MODEL_TYPES))
    .addOption(setOptionOf())
    .option('--name <name>', 'name of the run')
    .option('--detach', 'start the trainer and return')
    .addOption(keepAwakeOption())
    .addHelpText('after', INTERRUPT_HELP)
    .action((config: string | undefined, options: EvaluateOptions) => evaluate(cli, config, options));
}

async function evaluate(cli: Cli, config: string | undefined, options: EvaluateOptions): Promise<void> {
  const read = config === undefined ? withoutFile(options) : await readExperimentFile(config, overridesOf(options));
  reportProblems(cli, [read], options.json ?? false, 'errors');
  if (read.experiment === undefined) {
    cli.finish(EXIT.problem);
    return;
  }
  const name = options.name ?? (config === undefined ? basename(options.model ?? '') : experimentName(config));
  const run = { name, job: 'evaluate', experimentFile: read.path } as const;
  const runsFolder = resolve(options.runs);
  await requireStoredBaseline(runsFolder, read.experiment);
  const { runDir, record } = await createRun(runsFolder, read.text, run);
  await launchRun(cli, record.id, { kind: 'evaluate', runDir }, options);
}

/** `--model`, `--data` and `--type` are short for `--set`. */
function overridesOf({ set, model, data, type }: EvaluateOptions): string[] {
  return [
    ...(model === undefined ? [] : [`model.name=${model}`]),
    ...(type === undefined ? [] : [`model.type=${type}`]),
    ...(data === undefined ? [] : [`data.uri=${data}`]),
    ...set,
  ];
}

/** An experiment made of the options alone; its relative paths start at the working folder. */
function withoutFile(options: EvaluateOptions): CheckedExperimentFile {
  if (options.model === undefined || options.data === undefined) {
    throw new ProblemError({
      code: 'bad-option',
      message: 'Found no experiment, expected one, or --model and --data.',
      next: 'For example: evaluate --model bundled:all-MiniLM-L6-v2 --type bi-encoder --data bundled:quickstart',
    });
  }
  const file = 'evaluate.esci.yml';
  const { model, type, data } = options;
  // JSON texts are YAML texts: no name breaks out of its quotes.
  const typeLine = type === undefined ? '' : `  type: ${type}\n`;
  const text = `model:\n  name: ${JSON.stringify(model)}\n${typeLine}data:\n  uri: ${JSON.stringify(data)}\n`;
  return { file, path: resolve(file), ...checkText(text, file, options.set) };
}
