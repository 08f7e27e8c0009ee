/** One trainer at a time works on a run: whoever holds the run's lock may write into its folder. */
import { hostname } from 'node:os';
import { heldLock, takeLock } from '../files/exclusive-lock.ts';
import type { ExclusiveLock } from '../files/exclusive-lock.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import type { ProcessIdentity } from '../protocol/run-record.ts';
import { errorCode } from '../files/os-problem.ts';
import { RUN_LOCK } from './layout.ts';
import { hasTrainer, judgeForeign, livenessOf, silenceMs } from './liveness.ts';
import { readRecord } from './record.ts';

/**
 * Takes the lock of a run for this process.
 * @throws ProblemError `run-active` when another trainer works on the run, here or, by its heartbeat, on another machine; `no-run`;
 * `disk-full`, `cannot-write`
 */
export async function takeRunLock(runDir: string): Promise<ExclusiveLock> {
  try {
    const lock = await takeLock(runDir, RUN_LOCK, { isForeignAlive: () => isForeignAlive(runDir) });
    if (!lock.isTaken) throw runActive(runDir, lock.holder);
    const writer = await unlockedWriter(runDir);
    if (writer === undefined) return lock;
    await lock.release();
    throw runActive(runDir, writer);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    const next = 'It was moved or deleted meanwhile.';
    throw new ProblemError({ code: 'no-run', message: 'There is no such run folder.', where: runDir, next });
  }
}

/** Whether a live trainer holds the run's lock: also one that has not written into run.json yet. */
export async function isRunLocked(runDir: string): Promise<boolean> {
  return (await heldLock(runDir, RUN_LOCK, { isForeignAlive: () => isForeignAlive(runDir) })) !== undefined;
}

/**
 * Refuses when a trainer works on the run, without taking its lock.
 * @throws ProblemError `run-active`
 */
export async function refuseActive(runDir: string): Promise<void> {
  const held = await heldLock(runDir, RUN_LOCK, { isForeignAlive: () => isForeignAlive(runDir) });
  if (held !== undefined) throw runActive(runDir, held.holder);
  const writer = await unlockedWriter(runDir);
  if (writer !== undefined) throw runActive(runDir, writer);
}

async function isForeignAlive(runDir: string): Promise<boolean> {
  return judgeForeign(await silenceMs(runDir)) !== 'dead';
}

/** The process of run.json, if it lives without a lock: a trainer of an older version, or one on a machine that this one cannot ask. */
async function unlockedWriter(runDir: string): Promise<ProcessIdentity | undefined> {
  const record = await readRecord(runDir);
  const { process: writer } = record;
  if (writer === undefined || (writer.pid === process.pid && writer.host === hostname())) return undefined;
  return hasTrainer(await livenessOf(runDir, record)) ? writer : undefined;
}

/** What is said of a trainer that ended because another one had the run: it did not crash. */
export function takenMeanwhile(runDir: string, next = 'Watch it, or stop it first.'): ProblemError {
  const message = 'Another trainer has taken this run up meanwhile; a run has one at a time.';
  return new ProblemError({ code: 'run-active', message, where: runDir, next });
}

function runActive(runDir: string, holder: ProcessIdentity | undefined): ProblemError {
  const who =
    holder === undefined ? '' : holder.host === hostname() ? ` (process ${holder.pid})` : ` (on ${holder.host})`;
  return new ProblemError({
    code: 'run-active',
    message: `A trainer of this run is at work already${who}; a run has one at a time.`,
    where: runDir,
    next: 'Watch it, or stop it first.',
  });
}
