import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Problem } from '../vocabulary/problem.ts';
import { TRAINER_EXIT } from '../protocol/jobs.ts';
import type { RunJob } from '../protocol/jobs.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { runPaths } from '../runs/layout.ts';
import { identifyProcess } from '../files/process-identity.ts';
import { requireOwnFiles } from '../runs/own-files.ts';
import { readRecord, updateRecord } from '../runs/record.ts';
import { refuseActive } from '../runs/run-lock.ts';
import { clearStop } from '../runs/stop-request.ts';
import { writeProblem } from '../files/os-problem.ts';
import type { NodeProgram } from './find-node.ts';
import { trainerProcess } from './trainer-process.ts';
import type { ProcessExit, TrainerProcess } from './trainer-process.ts';

export interface SpawnOptions {
  readonly node: NodeProgram;
  /** Absolute path of the bundled trainer, `dist/trainer.js`. */
  readonly script: string;
  readonly job: RunJob;
  /** A person wants the run to go on: an old stop request is taken back. A run that never began keeps one, and its trainer ends at once. */
  readonly isResumed: boolean;
  /** Environment on top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Working folder, from which relative paths of an experiment are tried; this process's unless given. */
  readonly cwd?: string;
}

/** Variables of this process that would change what kind of process the child is. */
const NOT_INHERITED = ['ELECTRON_RUN_AS_NODE', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID', 'VSCODE_INSPECTOR_OPTIONS'];

/**
 * Starts a trainer that outlives this process: detached, its output appended to the run's `trainer.log`, its job as JSON in
 * the first argument.
 * @throws ProblemError `run-active` when a trainer of the run lives, `foreign-files`, `cannot-start`, `cannot-write`
 */
export async function spawnTrainer({
  node,
  script,
  job,
  isResumed,
  env = {},
  cwd = process.cwd(),
}: SpawnOptions): Promise<TrainerProcess> {
  const { runDir } = job;
  await refuseActive(runDir);
  await requireOwnFiles(runDir);
  if (isResumed) await clearStop(runDir);
  const logPath = runPaths.log(runDir);
  const log = await open(logPath, 'a').catch((error: unknown) => {
    throw writeProblem(error, logPath);
  });
  try {
    const child = spawn(node.command, [script, JSON.stringify(job)], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      windowsHide: true,
      cwd,
      env: { ...trainerEnvironment(node), ...env },
    });
    const exited = exitOf(child).then(async (exit) => {
      // One that was refused leaves the run to the trainer that has it.
      if (exit.code !== TRAINER_EXIT.refused)
        await noteStillborn(runDir, stillborn(runDir, exit)).catch(() => undefined);
      return exit;
    });
    const pid = await started(child, node.command).catch(async (error: unknown) => {
      if (error instanceof ProblemError) await noteStillborn(runDir, error.problem);
      throw error;
    });
    child.unref();
    // A trainer that has ended already has no start time any more, and needs none.
    const identity = (await identifyProcess(pid)) ?? { pid, startTime: 'ended', host: '' };
    return trainerProcess(runDir, identity, exited);
  } finally {
    await log.close();
  }
}

/** Environment of a trainer: this process's, less what would change what kind of process the child is. */
export function trainerEnvironment(node: NodeProgram): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name));
  return { ...Object.fromEntries(inherited), ...node.env };
}

/** Records why a run never began: its trainer could not be started, or ended before it wrote anything (no native module, say). */
export async function noteStillborn(runDir: string, problem: Problem): Promise<void> {
  if ((await readRecord(runDir)).status === 'queued') {
    await updateRecord(runDir, { status: 'failed', endedAt: Date.now(), problem });
  }
}

function stillborn(runDir: string, { code, signal }: ProcessExit): Problem {
  const message = `The trainer ended before it began (${signal ?? `exit code ${code}`}).`;
  return { code: 'trainer-died', message, where: runPaths.log(runDir), next: 'The end of its log says why.' };
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

function started(child: ChildProcess, command: string): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid!));
    child.once('error', (error) => {
      const message = `The trainer could not be started: ${error.message}.`;
      const next = 'Check the setting for the path of Node.';
      reject(new ProblemError({ code: 'cannot-start', message, where: command, next }, { cause: error }));
    });
  });
}
