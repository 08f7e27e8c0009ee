import { Option } from 'commander';
import type { Command } from 'commander';
import { resolve } from 'node:path';
import { ProblemError } from '../../vocabulary/problem.ts';
import { readLogEnd } from '../../runs/log/log-end.ts';
import { commandWithRuns } from '../cli-context.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { findRun } from '../../runs/find-run.ts';
import { foldLog, LATEST_STEPS } from '../../runs/log/fold-log.ts';
import { hasFailed, isOver } from '../../vocabulary/status.ts';
import { watchRun } from '../watch-run.ts';
import { formatRun, runObject } from '../format/format-run.ts';
import { reportRun, LOG_LINES } from '../run-report.ts';
import { openRunView } from '../run-view.ts';
import { QUERY_SORTS, showQueries } from './show-queries.ts';
import type { QueriesOptions } from './show-queries.ts';
import { showQuery } from './show-query.ts';
import { outJson, outLines } from '../terminal.ts';

interface ShowOptions extends CommonOptions, QueriesOptions {
  readonly follow?: true;
  readonly query?: string;
  readonly queries?: true;
}

/** `esci-lab show`: what a run is, how it went, and the rankings of its queries. */
export function showCommand(cli: Cli): Command {
  return commandWithRuns('show')
    .description('show a run: options, evaluations, test results, rankings')
    .argument('<run>', 'id or its beginning, name, folder, or latest')
    .option('-f, --follow', 'watch a run that goes on; Ctrl-C leaves, the run goes on')
    .option(
      '--query <text|id>',
      'one test query’s ranking under the run’s model and its base (baseline or pretrained), side by side',
    )
    .option('--queries', 'the test queries with their metric and its change')
    .addOption(new Option('--sort <key>', 'order of --queries').choices(QUERY_SORTS).default('delta'))
    .option('--limit <n>', 'how many queries --queries lists, products --query lists', '20')
    .option('--metric <name>', 'metric of --queries; the headline without it')
    .action((run: string, options: ShowOptions) => show(cli, run, options));
}

async function show(cli: Cli, wanted: string, options: ShowOptions): Promise<void> {
  const run = await findRun(options.runs, wanted);
  cli.finish(EXIT.done);
  if (options.query !== undefined) await showQuery(cli, run, options.query, limitOf(options), options);
  else if (options.queries) await showQueries(cli, run, limitOf(options), options);
  else if (options.follow) await follow(cli, run.runDir, options);
  else {
    const { terminal } = cli;
    const runDir = resolve(run.runDir);
    const { state } = await foldLog(runDir, { isOver: isOver(run.status), keptSteps: LATEST_STEPS });
    const shown = { ...run, runDir, state, logEnd: hasFailed(run.status) ? await readLogEnd(runDir, LOG_LINES) : [] };
    if (options.json) outJson(terminal, runObject(shown));
    else outLines(terminal, await formatRun(shown, { paint: terminal.paint, width: terminal.width() }));
  }
}

async function follow(cli: Cli, foundDir: string, options: ShowOptions): Promise<void> {
  const runDir = resolve(foundDir);
  const view = openRunView(cli.terminal, options.json ?? false);
  const followed = await watchRun(cli, view, { runDir, onInterrupt: 'leave' });
  cli.finish(await reportRun(cli, runDir, followed, options));
}

function limitOf({ limit }: ShowOptions): number {
  const value = /^\d{1,9}$/.test(limit) ? Number(limit) : 0;
  if (value > 0) return value;
  const message = `Found ${limit}, expected a whole number of at least 1.`;
  throw new ProblemError({ code: 'bad-option', message, where: '--limit' });
}
