/** The real trainer and the real command line as child processes, with faults put into them. */
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RunJob } from '../../src/protocol/jobs.ts';
import { Lost } from './lost.ts';
import type { Plan } from './inject/plan.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
export const TRAINER = join(repository, 'dist/trainer.js');
export const CLI = join(repository, 'dist/cli.js');
const PRELOAD = pathToFileURL(join(import.meta.dirname, 'inject/preload.mjs')).href;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  /** @throws Lost when it does not end in time */
  readonly done: Promise<Ended>;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Program and arguments that the command is put behind, for example `prlimit`. */
  readonly behind?: readonly string[];
  /** The user that the process belongs to. */
  readonly user?: number;
  readonly stdio?: SpawnOptions['stdio'];
}

/** No process of these tests takes longer, on a machine that does much else. */
const PATIENCE_MS = 180_000;

/** Starts Node with arguments. */
export function startNode(
  args: readonly string[],
  { cwd, env = {}, behind = [], user, stdio }: ProcessOptions,
): Started {
  const [command, ...rest] = [...behind, process.execPath, ...args];
  const child = spawn(command!, rest, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user }),
  });
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  child.stderr?.on('data', (chunk) => (err += String(chunk)));
  const done = new Promise<Ended>((resolve, reject) => {
    let isLate = false;
    const late = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, PATIENCE_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(late);
      if (isLate) reject(new Lost(`${args.slice(0, 3).join(' ')} did not end in ${PATIENCE_MS / 1000} s`));
      else resolve({ code, signal, out, err });
    });
  });
  done.catch(() => undefined);
  return { pid: child.pid ?? 0, child, done };
}

/** Starts a trainer; with a plan, the fault happens inside it. */
export function startTrainer(job: RunJob, options: ProcessOptions, plan?: Plan): Started {
  const env = { ...options.env, ...(plan === undefined ? {} : { ESCI_LAB_FAULT: JSON.stringify(plan) }) };
  const preload = plan === undefined ? [] : ['--import', PRELOAD];
  return startNode([...preload, TRAINER, JSON.stringify(job)], { ...options, env });
}

/** Runs a command of the command line tool. */
export function esciLab(args: readonly string[], options: ProcessOptions): Promise<Ended> {
  return startNode([CLI, ...args], options).done;
}

/** What the fault hit, as the preload tells. @throws Error when it did not happen: then the test tests nothing */
export function whatHappened({ out }: Plan): string {
  if (!existsSync(out)) throw new Error('the fault did not happen');
  return readFileSync(out, 'utf8');
}
