import type { Command } from 'commander';
import { hostname } from 'node:os';
import { findTrainer } from '../../process/find-trainer.ts';
import { notProven } from '../../process/stop-trainer.ts';
import type { StopStage } from '../../process/stop-trainer.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { isActive, isOver } from '../../vocabulary/status.ts';
import { updateRecord } from '../../runs/record.ts';
import { isRunLocked } from '../../runs/run-lock.ts';
import { requestStop } from '../../runs/stop-request.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { commandWithRuns, suggest } from '../cli-context.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { EXIT } from '../exit-codes.ts';
import { findRun } from '../../runs/find-run.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { outJson } from '../terminal.ts';

interface StopOptions extends CommonOptions {
  readonly now?: true;
}

/** `esci-lab stop`: asks a run's trainer to end, then signals, then kills. */
export function stopCommand(cli: Cli): Command {
  return commandWithRuns('stop')
    .description('stop a run: a checkpoint is written, so that it can be resumed')
    .argument('<run>', 'id or its beginning, name, folder, or latest')
    .option('--now', 'do not wait for a checkpoint')
    .action((run: string, options: StopOptions) => stop(cli, run, options));
}

const STAGES = {
  asked: 'asked the trainer to write a checkpoint and end',
  terminated: 'told the process to end',
  killed: 'killed the process',
} as const satisfies Record<StopStage, string>;

async function stop(cli: Cli, wanted: string, options: StopOptions): Promise<void> {
  const { terminal } = cli;
  const run = await findRun(options.runs, wanted);
  const trainer = await findTrainer(run.runDir);
  if (trainer === undefined) {
    await stopWithoutProcess(cli, run, options);
    return;
  }
  const print = (line: string): void => (options.json ? terminal.err(`${line}\n`) : terminal.out(`${line}\n`));
  const { endedBy, ms } = await trainer.stop({
    ...(options.now ? { askMs: 0 } : {}),
    onStage: (stage) => {
      if (!(options.now && stage === 'asked')) print(STAGES[stage]);
    },
  });
  if (options.json) outJson(terminal, { type: 'stopped', id: run.id, runDir: run.runDir, endedBy, ms });
  else {
    terminal.out(`${terminal.paint('yellow', 'stopped')} ${run.id} in ${durationText(ms)}\n`);
    terminal.out(`${terminal.paint('dim', 'next   ')}${suggest(cli, options.runs, 'resume', run.id)}\n`);
  }
  cli.finish(EXIT.done);
}

/** A run without a process here: one that has ended, that has not begun, or that is at work on another machine. */
async function stopWithoutProcess(cli: Cli, run: RunEntry, options: StopOptions): Promise<void> {
  if (isOver(run.status)) {
    const message = `This run is not running; it is ${run.status}.`;
    throw new ProblemError({ code: 'not-running', message, where: run.id });
  }
  // The request lies in the run folder, which a trainer of another machine sees too, and one that is just beginning.
  await requestStop(run.runDir);
  if (run.status === 'queued' && !(await isRunLocked(run.runDir))) {
    await updateRecord(run.runDir, { status: 'stopped', endedAt: Date.now() });
    if (options.json) outJson(cli.terminal, { type: 'stopped', id: run.id, runDir: run.runDir, endedBy: null });
    else cli.terminal.out(`${cli.terminal.paint('yellow', 'stopped')} ${run.id} before it began\n`);
    cli.finish(EXIT.done);
    return;
  }
  const { host, pid } = run.record.process ?? {};
  if (isActive(run.status) && pid !== undefined && host === hostname()) throw notProven(run.runDir, pid);
  const where = isActive(run.status) ? `, which runs on ${host ?? 'another machine'},` : '';
  if (options.json) outJson(cli.terminal, { type: 'stopped', id: run.id, runDir: run.runDir, endedBy: null });
  else cli.terminal.out(`asked the trainer${where} to write a checkpoint and end\n`);
  cli.finish(EXIT.done);
}
