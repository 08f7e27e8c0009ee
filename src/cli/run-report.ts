/** What is said about a run once its trainer has ended. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { formatProblem } from '../vocabulary/problem.ts';
import type { Problem } from '../vocabulary/problem.ts';
import { TRAINER_EXIT } from '../protocol/jobs.ts';
import { durationOf } from '../protocol/run-record.ts';
import { skippedText } from '../protocol/skipped-lines.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import { runPaths } from '../runs/layout.ts';
import { readLogEnd } from '../runs/log/log-end.ts';
import { readRecord } from '../runs/record.ts';
import { suggest } from './cli-context.ts';
import type { Cli, CommonOptions } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { WatchedRun } from './watch-run.ts';
import { durationText } from '../vocabulary/words/duration.ts';
import { formatTestTable } from './format/format-test-table.ts';
import { outJsonLine, outLines } from './terminal.ts';

/** How a run ended, as far as the one who watched it knows. */
type Outcome = 'finished' | 'stopped' | 'failed' | 'crashed' | 'left';

/** Lines of the trainer's log that are shown when it died. */
export const LOG_LINES = 12;

/** Reports how a watched run ended, as text or as the final JSON object, and gives the exit code. */
export async function reportRun(
  cli: Cli,
  runDir: string,
  followed: WatchedRun,
  options: CommonOptions,
): Promise<ExitCode> {
  const record = await readRecord(runDir);
  const outcome = outcomeOf(followed, record);
  const exitCode = exitCodeOf(outcome, followed, record);
  if (options.json) outJsonLine(cli.terminal, await resultObject(runDir, record, followed, outcome, exitCode));
  else {
    await reports[outcome](cli, { runDir, record, followed, runsFolder: options.runs });
    const skipped = skippedText(followed.state.skipped);
    if (skipped !== undefined) outLines(cli.terminal, [cli.terminal.paint('yellow', skipped)]);
  }
  return exitCode;
}

interface Ended {
  readonly runDir: string;
  readonly record: RunRecord;
  readonly followed: WatchedRun;
  readonly runsFolder: string;
}

const reports: { readonly [K in Outcome]: (cli: Cli, ended: Ended) => void | Promise<void> } = {
  finished(cli, { runDir, record, followed, runsFolder }) {
    const { terminal } = cli;
    const { paint } = terminal;
    const { baseline, data } = record;
    const id = basename(runDir);
    const about = { isSynthetic: data?.isSynthetic ?? false, baseline };
    outLines(terminal, ['', ...formatTestTable(followed.state, { paint, width: terminal.width(), ...about }), '']);
    const took = durationOf(record);
    const inTime = took === undefined ? '' : ` in ${durationText(took)}`;
    outLines(terminal, [`${paint('green', 'finished')}${inTime}`, ...placeLines(runDir)]);
    outLines(terminal, nextLines(cli, runsFolder, [['show', id], ['show', id, '--queries'], ['runs']]));
  },
  stopped(cli, { runDir, followed, runsFolder }) {
    const { paint } = cli.terminal;
    const { step, started } = followed.state;
    const at = started === undefined || step === 0 ? '' : ` after step ${step} of ${started.totalSteps}`;
    const how = followed.wasTerminated && followed.end === 'crashed' ? 'ended without a checkpoint' : 'stopped';
    outLines(cli.terminal, [`${paint('yellow', how)}${at}`, ...placeLines(runDir)]);
    outLines(cli.terminal, nextLines(cli, runsFolder, [['resume', basename(runDir)]]));
  },
  async failed(cli, { runDir, record, followed, runsFolder }) {
    const { terminal } = cli;
    const problem = reportedProblem(followed, record);
    const text = problem === undefined ? 'the trainer could not write down why' : formatProblem(problem);
    terminal.err(`${terminal.paintErr('red', 'failed:')} ${text}\n`);
    if (problem === undefined || problem.code === 'bug') await logEnd(cli, runDir);
    outLines(terminal, placeLines(runDir));
    const canResume = existsSync(runPaths.checkpoints(runDir));
    outLines(
      terminal,
      nextLines(cli, runsFolder, canResume ? [['resume', basename(runDir)]] : [['show', basename(runDir)]]),
    );
  },
  async crashed(cli, { runDir, followed, runsFolder }) {
    const { terminal } = cli;
    const { step } = followed.state;
    const when = step === 0 ? 'before the first step' : `after step ${step}`;
    terminal.err(`${terminal.paintErr('red', 'crashed:')} the trainer’s process died ${when}.\n`);
    await logEnd(cli, runDir);
    outLines(terminal, placeLines(runDir));
    outLines(terminal, nextLines(cli, runsFolder, [['resume', basename(runDir)]]));
  },
  left(cli, { runDir, runsFolder }) {
    const id = basename(runDir);
    outLines(cli.terminal, ['left; the run goes on']);
    outLines(
      cli.terminal,
      nextLines(cli, runsFolder, [
        ['show', id, '--follow'],
        ['stop', id],
      ]),
    );
  },
};

/** What a failed trainer told of its end; undefined when it could write neither to the log nor into run.json. */
function reportedProblem({ end, state }: WatchedRun, record: RunRecord): Problem | undefined {
  return end === 'crashed' ? undefined : (state.failed?.problem ?? record.problem);
}

function outcomeOf({ end, state, wasTerminated, exitCode }: WatchedRun, record: RunRecord): Outcome {
  if (end === 'aborted') return 'left';
  // It ended by itself, and says why in its output alone.
  if (end === 'crashed' && exitCode === TRAINER_EXIT.problem) return 'failed';
  if (end === 'crashed') return wasTerminated ? 'stopped' : 'crashed';
  if (state.status === 'finished' || state.status === 'stopped') return state.status;
  // A trainer that died before its first event has its problem in the record alone.
  return record.problem?.code === 'trainer-died' ? 'crashed' : 'failed';
}

function exitCodeOf(outcome: Outcome, followed: WatchedRun, record: RunRecord): ExitCode {
  if (outcome === 'failed') return reportedProblem(followed, record)?.code === 'bug' ? EXIT.bug : EXIT.problem;
  return { finished: EXIT.done, stopped: EXIT.stopped, crashed: EXIT.crashed, left: EXIT.stopped }[outcome];
}

async function resultObject(
  runDir: string,
  record: RunRecord,
  followed: WatchedRun,
  outcome: Outcome,
  exitCode: ExitCode,
): Promise<object> {
  const { tests, comparisons, best, step, skipped } = followed.state;
  const problem = reportedProblem(followed, record);
  return {
    type: 'result',
    id: record.id,
    runDir,
    status: outcome,
    exitCode,
    step,
    ...(best === undefined ? {} : { best: { step: best.step, loss: best.loss, metrics: best.metrics } }),
    isSynthetic: record.data?.isSynthetic ?? false,
    ...(record.baseline === undefined ? {} : { baseline: record.baseline }),
    tests,
    comparisons,
    ...(skippedText(skipped) === undefined ? {} : { skipped }),
    ...(existsSync(runPaths.model(runDir)) ? { modelDir: runPaths.model(runDir) } : {}),
    ...(outcome === 'failed' && problem !== undefined ? { problem } : {}),
    ...(outcome === 'crashed' || (outcome === 'failed' && problem === undefined)
      ? { logEnd: await readLogEnd(runDir, LOG_LINES) }
      : {}),
  };
}

/** Where a run and its model are. */
export function placeLines(runDir: string): string[] {
  const model = runPaths.model(runDir);
  return [`run    ${basename(runDir)}`, `folder ${runDir}`, ...(existsSync(model) ? [`model  ${model}`] : [])];
}

function nextLines(cli: Cli, runsFolder: string, commands: readonly (readonly string[])[]): string[] {
  return commands.map(
    (words, i) => cli.terminal.paint('dim', i === 0 ? 'next   ' : '       ') + suggest(cli, runsFolder, ...words),
  );
}

/** The end of the trainer's log on the error output. */
async function logEnd({ terminal }: Cli, runDir: string): Promise<void> {
  const lines = await readLogEnd(runDir, LOG_LINES);
  const text = lines.map((line) => `  ${terminal.paintErr('dim', line)}\n`).join('');
  terminal.err(`${lines.length === 0 ? 'Its log is empty' : 'The end of its log'} (${runPaths.log(runDir)})\n${text}`);
}
