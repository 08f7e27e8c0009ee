import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { findNode } from '../process/find-node.ts';
import { keepAwake } from '../process/keep-awake.ts';
import { spawnTrainer } from '../process/spawn-trainer.ts';
import type { TrainerProcess } from '../process/trainer-process.ts';
import { TRAINER_EXIT } from '../protocol/jobs.ts';
import type { RunJob } from '../protocol/jobs.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { NO_EVENTS } from '../protocol/run-state.ts';
import type { FoldedLog } from '../runs/log/fold-log.ts';
import { runPaths } from '../runs/layout.ts';
import { readRecord } from '../runs/record.ts';
import { takenMeanwhile } from '../runs/run-lock.ts';
import { suggest } from './cli-context.ts';
import type { Cli, CommonOptions } from './cli-context.ts';
import { EXIT } from './exit-codes.ts';
import { watchRun } from './watch-run.ts';
import { reportRun } from './run-report.ts';
import { openRunView } from './run-view.ts';
import { outJson } from './terminal.ts';

export interface LaunchOptions extends CommonOptions {
  /** Start the trainer and return. */
  readonly detach?: true;
  readonly keepAwake?: string;
}

/**
 * Starts a trainer for a run that exists, and watches it to its end unless it is to be left alone. `seen` is what a run that is resumed
 * has told before.
 * @throws ProblemError `run-active` when another trainer has the run, also one that began at the same moment
 */
export async function launchRun(
  cli: Cli,
  id: string,
  job: RunJob,
  options: LaunchOptions,
  seen?: FoldedLog,
): Promise<void> {
  const { runDir } = job;
  requireTrainer(cli);
  const node = await findNode();
  const trainer = await spawnTrainer({ node, script: cli.trainerScript, job, isResumed: seen !== undefined });
  if (options.keepAwake !== 'no') keepAwake(trainer.pid);
  if (options.detach) {
    await leaveAlone(cli, id, trainer, options);
    return;
  }
  const view = openRunView(cli.terminal, options.json ?? false);
  if (!options.json) view.note(`run ${id}`);
  const followed = await watchRun(cli, view, {
    runDir,
    trainer,
    onInterrupt: 'stop',
    ...(seen === undefined ? {} : { seen }),
  });
  if (followed.end === 'crashed') await throwIfRefused(cli, id, trainer, options);
  cli.finish(await reportRun(cli, runDir, followed, options));
}

/** A trainer that ended at once because another one has the run did not crash. */
async function throwIfRefused(
  cli: Cli,
  id: string,
  { exited }: TrainerProcess,
  { runs }: LaunchOptions,
): Promise<void> {
  if ((await exited).code !== TRAINER_EXIT.refused) return;
  throw takenMeanwhile(id, suggest(cli, runs, 'show', id, '--follow'));
}

/** @throws ProblemError `no-trainer` */
export function requireTrainer({ trainerScript }: Cli): void {
  if (existsSync(trainerScript)) return;
  const message = 'The trainer is not there.';
  const next = 'Build it with `npm run build`, or install esci-lab again.';
  throw new ProblemError({ code: 'no-trainer', message, where: trainerScript, next });
}

/** How often the record is looked at for the trainer's first sign. */
const LOOK_EVERY_MS = 50;

/** Returns once the trainer has taken the run up, so that whoever looks next finds it running; says so if it dies before. */
async function leaveAlone(cli: Cli, id: string, trainer: TrainerProcess, options: LaunchOptions): Promise<void> {
  const { terminal } = cli;
  const { runDir, pid } = trainer;
  const hasBegun = async () => (await readRecord(runDir)).process?.pid === pid;
  while (!(await hasBegun()) && (await trainer.isAlive())) await delay(LOOK_EVERY_MS);
  if (!(await hasBegun())) {
    await throwIfRefused(cli, id, trainer, options);
    const died = { end: 'crashed', state: NO_EVENTS, wasTerminated: false } as const;
    cli.finish(await reportRun(cli, runDir, died, options));
    return;
  }
  const follow = suggest(cli, options.runs, 'show', id, '--follow');
  if (options.json) outJson(terminal, { type: 'started', id, runDir, pid, log: runPaths.log(runDir) });
  else terminal.out(`run    ${id}\nfolder ${runDir}\n${terminal.paint('dim', 'next   ')}${follow}\n`);
  cli.finish(EXIT.done);
}
