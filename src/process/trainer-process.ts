import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../protocol/run-record.ts';
import { isRunning } from '../files/process-identity.ts';
import { stopTrainer } from './stop-trainer.ts';
import type { StopOptions, StopResult } from './stop-trainer.ts';

/** How a process ended. Both null when it is unknown, because the process was found and not started here. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A trainer's process, started here or found again. */
export interface TrainerProcess {
  readonly runDir: string;
  readonly pid: number;
  readonly identity: ProcessIdentity;
  /** Settles once the process is gone; never rejects. Waiting for it does not keep this process alive. */
  readonly exited: Promise<ProcessExit>;
  isAlive(): Promise<boolean>;
  /** Asks, then signals, then kills; see `stopTrainer`. */
  stop(options?: StopOptions): Promise<StopResult>;
}

/** How often a process that is not a child of this one is asked for. */
const ASK_EVERY_MS = 500;

/** The trainer of `runDir` as an object; `exited` is given when it is a child of this process. */
export function trainerProcess(
  runDir: string,
  identity: ProcessIdentity,
  exited: Promise<ProcessExit> = goneByAsking(identity),
): TrainerProcess {
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const isAlive = async () => !hasExited && (await isRunning(identity));
  return {
    runDir,
    pid: identity.pid,
    identity,
    exited,
    isAlive,
    stop: (options) => stopTrainer(runDir, identity.pid, isAlive, options),
  };
}

async function goneByAsking(identity: ProcessIdentity): Promise<ProcessExit> {
  while (await isRunning(identity)) await delay(ASK_EVERY_MS, undefined, { ref: false });
  return { code: null, signal: null };
}
