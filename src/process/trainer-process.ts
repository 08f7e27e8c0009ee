import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity } from '../protocol/run-record.ts';
import { isRunning } from '../files/process-identity.ts';
import { stopTrainer } from './stop-trainer.ts';
import type { StopOptions, StopResult } from './stop-trainer.ts';
import { judgeTrainer } from './trainer-verdict.ts';
import type { TrainerVerdict } from './trainer-verdict.ts';

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
  exited?: Promise<ProcessExit>,
): TrainerProcess {
  const isChild = exited !== undefined;
  const gone = exited ?? goneByAsking(identity);
  let hasExited = false;
  void gone.then(() => (hasExited = true));
  // A child of which the system tells no start time has its pid until its exit was heard of.
  const isKnownChild = isChild && identity.startTime === '';
  const isAlive = async () => !hasExited && (isKnownChild || (await isRunning(identity)));
  const judge = async (): Promise<TrainerVerdict> => {
    if (hasExited) return 'another';
    const verdict = isKnownChild ? 'trainer' : await judgeTrainer(runDir, identity);
    return isChild && verdict === 'unknown' ? 'trainer' : verdict;
  };
  const { pid } = identity;
  const stop = (options?: StopOptions) => stopTrainer(runDir, { pid, isAlive, judge }, options);
  return { runDir, pid, identity, exited: gone, isAlive, stop };
}

async function goneByAsking(identity: ProcessIdentity): Promise<ProcessExit> {
  while (await isRunning(identity)) await delay(ASK_EVERY_MS, undefined, { ref: false });
  return { code: null, signal: null };
}
