import type { Command } from 'commander';
import type { RunEntry } from '../runs/list-runs.ts';
import { listRuns } from '../runs/list-runs.ts';
import { commandWithRuns, suggest } from './cli-context.ts';
import type { Cli, CommonOptions } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { seeRun } from './follow-run.ts';
import { formatRuns } from './format-runs.ts';
import type { RunProgress } from './format-runs.ts';
import { outJson, outLines } from './terminal.ts';

/** `esci-lab runs`: all runs of a folder, newest first. */
export function runsCommand(cli: Cli): Command {
  return commandWithRuns('runs')
    .description('list the runs, newest first')
    .action((options: CommonOptions) => showRuns(cli, options));
}

async function showRuns(cli: Cli, options: CommonOptions): Promise<void> {
  const { terminal } = cli;
  const runs = await listRuns(options.runs);
  const entries = await Promise.all(
    runs.map(async (run) => ({ run, progress: run.isReadable ? await progressOf(run) : undefined })),
  );
  if (options.json) {
    outJson(
      terminal,
      entries.map(({ run, progress }) => ({ ...run, ...(progress === undefined ? {} : { progress }) })),
    );
  } else if (runs.length === 0) {
    terminal.err(
      `No runs in ${options.runs}. Start one: ${suggest(cli, options.runs, 'start', 'configs/quickstart.yml')}\n`,
    );
  } else {
    outLines(terminal, formatRuns(entries, { paint: terminal.paint, width: terminal.width() }));
  }
  cli.finish(EXIT.done);
}

/** Steps of a run that has not finished, from its events: the record is written at the end. */
async function progressOf({ runDir, record }: RunEntry): Promise<RunProgress | undefined> {
  if (record.status === 'finished') return undefined;
  const { state } = await seeRun(runDir);
  const { step, started, phase } = state;
  return { step, totalSteps: started?.totalSteps ?? record.totalSteps ?? 0, phase };
}
