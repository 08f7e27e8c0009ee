import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '../vocabulary/problem.ts';
import { requestStop } from '../runs/stop-request.ts';
import { killTree, terminate } from './signals.ts';
import type { TrainerVerdict } from './trainer-verdict.ts';

/** What was done to make a trainer end. */
export type StopStage = 'asked' | 'terminated' | 'killed';

export interface StopResult {
  /** The stage that ended it; `already gone` when there was nothing to end. */
  readonly endedBy: StopStage | 'already gone';
  readonly ms: number;
}

export interface StopOptions {
  /**
   * Wait for the trainer to write its checkpoint and end by itself. It looks between steps, so this has to exceed the
   * longest step plus a checkpoint.
   */
  readonly askMs?: number;
  /** Wait after the signal before the kill. */
  readonly terminateMs?: number;
  /** Wait after the kill before giving up: the kernel may take a moment to free the memory. */
  readonly killMs?: number;
  /** Called as each stage begins. */
  readonly onStage?: (stage: StopStage) => void;
}

/** Two minutes: a step of a large model on a slow cpu takes tens of seconds. */
const ASK_MS = 120_000;
const TERMINATE_MS = 10_000;
const KILL_MS = 10_000;
const ASK_EVERY_MS = 50;

/** The process to stop, as far as this needs to know it. */
export interface Stoppable {
  readonly pid: number;
  /** Whether the process of that pid and start time is running. */
  readonly isAlive: () => Promise<boolean>;
  /** Whose process it is, looked at again. */
  readonly judge: () => Promise<TrainerVerdict>;
}

/**
 * Ends a trainer: a `stop` file (checkpoint, then end), then SIGTERM, then a kill of its process tree. Each signal is sent only to
 * what is proven, directly before, to be the trainer of this run. A run that is stopped twice is asked twice, which is harmless.
 * @throws ProblemError `cannot-stop` when it survives even the kill, `not-proven` when a signal would be due but whose process it
 * is cannot be told, `cannot-write`
 */
export async function stopTrainer(
  runDir: string,
  { pid, isAlive, judge }: Stoppable,
  { askMs = ASK_MS, terminateMs = TERMINATE_MS, killMs = KILL_MS, onStage }: StopOptions = {},
): Promise<StopResult> {
  const start = performance.now();
  const msSince = () => Math.round(performance.now() - start);
  const stages: readonly { stage: StopStage; act: () => Promise<void>; waitMs: number; isSignal: boolean }[] = [
    { stage: 'asked', act: () => requestStop(runDir), waitMs: askMs, isSignal: false },
    { stage: 'terminated', act: () => terminate(pid), waitMs: terminateMs, isSignal: true },
    { stage: 'killed', act: () => killTree(pid), waitMs: killMs, isSignal: true },
  ];
  if (!(await isAlive())) return { endedBy: 'already gone', ms: 0 };
  let last: StopStage = 'asked';
  for (const { stage, act, waitMs, isSignal } of stages) {
    const mayAct = !isSignal || (await judge()) === 'trainer';
    if (!mayAct && (await isAlive())) throw notProven(runDir, pid);
    if (!mayAct) return { endedBy: last, ms: msSince() };
    onStage?.(stage);
    await act();
    if (await isGoneWithin(waitMs, isAlive)) return { endedBy: stage, ms: msSince() };
    last = stage;
  }
  throw new ProblemError({
    code: 'cannot-stop',
    message: `Process ${pid} did not end, not even when killed.`,
    where: runDir,
    next: 'It may hang in a device driver: end it with the system’s own tools, or restart the machine.',
  });
}

/** A process that a run folder names and that may be anybody's. */
export function notProven(runDir: string, pid: number): ProblemError {
  return new ProblemError({
    code: 'not-proven',
    message: `Process ${pid} was not signalled: found no proof, in what it was started with, that it is the trainer of this run.`,
    where: runDir,
    next: 'It was asked to stop and may still do so. If it is yours, end it with the system’s own tools.',
  });
}

async function isGoneWithin(ms: number, isAlive: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + ms;
  while (await isAlive()) {
    if (performance.now() >= end) return false;
    await delay(ASK_EVERY_MS);
  }
  return true;
}
