import type { Command } from 'commander';
import { NO_FACTS_FROM_RUNS } from '../../config/check/run-facts.ts';
import { baselineFacts } from '../../runs/find-baseline.ts';
import { listRuns } from '../../runs/list-runs.ts';
import { commandWithRuns, setOptionOf } from '../cli-context.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { readExperimentFile } from '../experiment-file.ts';
import { counted } from '../../vocabulary/words/number.ts';
import { reportProblems } from '../report-problems.ts';

interface ValidateOptions extends CommonOptions {
  readonly set: readonly string[];
}

/** `esci-lab validate`: all problems of experiments, with line and column. */
export function validateCommand(cli: Cli): Command {
  return commandWithRuns('validate')
    .description('check experiments without running them')
    .argument('<config...>', 'experiments (YAML)')
    .addOption(setOptionOf())
    .action((configs: readonly string[], options: ValidateOptions) => validate(cli, configs, options));
}

async function validate(cli: Cli, configs: readonly string[], options: ValidateOptions): Promise<void> {
  const known = { ...NO_FACTS_FROM_RUNS, ...baselineFacts(await listRuns(options.runs)) };
  const read = await Promise.all(configs.map((config) => readExperimentFile(config, options.set, known)));
  reportProblems(cli, read, options.json ?? false, 'all');
  for (const { file, experiment, problems } of read) {
    if (experiment === undefined || options.json) continue;
    const warnings = problems.length === 0 ? '' : `, ${counted(problems.length, 'warning')}`;
    cli.terminal.out(`${file}: ${cli.terminal.paint('green', 'valid')}${warnings}\n`);
  }
  cli.finish(read.every(({ experiment }) => experiment !== undefined) ? EXIT.done : EXIT.problem);
}
