import { setTimeout as delay } from 'node:timers/promises';
import { ProblemError } from '../protocol/problem.ts';
import { requestStop } from '../runs/stop-request.ts';
import { killTree, terminate } from './signals.ts';

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

/**
 * Ends a trainer: a `stop` file (checkpoint, then end), then SIGTERM, then a kill of its process tree. Each stage begins
 * only if the process, told by pid and start time, still lives. A run that is stopped twice is asked twice, which is harmless.
 * @throws ProblemError `cannot-stop` when it survives even the kill, `cannot-write`
 */
export async function stopTrainer(
  runDir: string,
  pid: number,
  isAlive: () => Promise<boolean>,
  { askMs = ASK_MS, terminateMs = TERMINATE_MS, killMs = KILL_MS, onStage }: StopOptions = {},
): Promise<StopResult> {
  const start = performance.now();
  const stages: readonly { stage: StopStage; act: () => Promise<void>; waitMs: number }[] = [
    { stage: 'asked', act: () => requestStop(runDir), waitMs: askMs },
    { stage: 'terminated', act: () => terminate(pid), waitMs: terminateMs },
    { stage: 'killed', act: () => killTree(pid), waitMs: killMs },
  ];
  if (!(await isAlive())) return { endedBy: 'already gone', ms: 0 };
  for (const { stage, act, waitMs } of stages) {
    onStage?.(stage);
    await act();
    if (await isGoneWithin(waitMs, isAlive)) return { endedBy: stage, ms: performance.now() - start };
  }
  throw new ProblemError({
    code: 'cannot-stop',
    message: `Process ${pid} did not end, not even when killed.`,
    where: runDir,
    next: 'It may hang in a device driver: end it with the system’s own tools, or restart the machine.',
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
