import type { Command } from 'commander';
import { problemOf } from '../../protocol/rpc.ts';
import type { ListedRun, RunEntry } from '../../runs/list-runs.ts';
import { foldLog, LATEST_STEPS } from '../../runs/log/fold-log.ts';
import { listRuns } from '../../runs/list-runs.ts';
import { isOver } from '../../vocabulary/status.ts';
import { commandWithRuns, suggest } from '../cli-context.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatRuns } from '../format/format-runs.ts';
import type { RunProgress, RunRow } from '../format/format-runs.ts';
import { outJson, outLines } from '../terminal.ts';

/** `esci-lab runs`: all runs of a folder, newest first. */
export function runsCommand(cli: Cli): Command {
  return commandWithRuns('runs')
    .description('list the runs, newest first')
    .action((options: CommonOptions) => showRuns(cli, options));
}

async function showRuns(cli: Cli, options: CommonOptions): Promise<void> {
  const { terminal } = cli;
  const runs = await listRuns(options.runs);
  const entries = await Promise.all(runs.map(rowOf));
  if (options.json) {
    outJson(
      terminal,
      entries.map(({ run, ...rest }) => ({ ...run, ...rest })),
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

/** A log that cannot be read is told beside its run; the others are listed all the same. */
async function rowOf(run: ListedRun): Promise<RunRow> {
  try {
    const progress = run.isReadable ? await progressOf(run) : undefined;
    return { run, ...(progress === undefined ? {} : { progress }) };
  } catch (error) {
    return { run, logProblem: problemOf(error) };
  }
}

/** Steps of a run that has not finished, from its events: the record is written at the end. */
async function progressOf({ runDir, record, status }: RunEntry): Promise<RunProgress | undefined> {
  if (record.status === 'finished') return undefined;
  const { state } = await foldLog(runDir, { isOver: isOver(status), keptSteps: LATEST_STEPS });
  const { step, started, phase } = state;
  return { step, totalSteps: started?.totalSteps ?? record.totalSteps ?? 0, phase };
}
