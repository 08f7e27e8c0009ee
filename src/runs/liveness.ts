import { stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { maxOf } from '../vocabulary/extremes.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { ShownStatus } from '../vocabulary/status.ts';
import { runPaths } from './layout.ts';
import { isRunning, mayBeRunning } from '../files/process-identity.ts';

/**
 * `alive`: its process runs. `stale`: the process exists, but its heartbeat is old: suspended, swapped out, or the machine
 * slept; it may go on. `dead`: the process is gone.
 */
export type Liveness = 'alive' | 'stale' | 'dead';

/** A heartbeat older than this is old; it beats every second. */
export const HEARTBEAT_OLD_MS = 15_000;

/** Silence after which a run of another machine, whose processes cannot be asked for, counts as dead. */
export const FOREIGN_DEAD_MS = 10 * 60_000;

/**
 * Whether the process of an active run lives; undefined for a run that is not active. Pid and start time decide; the
 * heartbeat only tells `stale` from `alive`, because a sleeping laptop is no crash.
 */
export async function livenessOf(runDir: string, record: RunRecord): Promise<Liveness | undefined> {
  if (record.status !== 'running') return undefined;
  const silentMs = await silenceMs(runDir);
  const { process: identity } = record;
  // Without a start time (no `ps`, no PowerShell) a process of this machine cannot be told from a later one either.
  const isKnown = identity?.host === hostname() && identity.startTime !== '';
  if (!isKnown) return judgeForeign(silentMs);
  const isItself = await isRunning(identity);
  // A process of another user whose start time may not be read any more.
  if (!isItself && (await mayBeRunning(identity))) return judgeForeign(silentMs);
  return judgeLocal(isItself, silentMs);
}

/** Liveness of a process of this machine, `silentMs` after its last heartbeat. */
export function judgeLocal(isProcessRunning: boolean, silentMs: number): Liveness {
  if (!isProcessRunning) return 'dead';
  return silentMs > HEARTBEAT_OLD_MS ? 'stale' : 'alive';
}

/** Liveness of a process of another machine (a shared folder, an earlier container), from its heartbeat alone. */
export function judgeForeign(silentMs: number): Liveness {
  if (silentMs > FOREIGN_DEAD_MS) return 'dead';
  return silentMs > HEARTBEAT_OLD_MS ? 'stale' : 'alive';
}

/** The status to show for a run. */
export function shownStatus(record: RunRecord, liveness: Liveness | undefined): ShownStatus {
  if (liveness === 'dead') return 'crashed';
  return liveness === 'stale' ? 'stale' : record.status;
}

/** Whether a run has a trainer, as far as can be told: a silent one too. */
export function hasTrainer(liveness: Liveness | undefined): boolean {
  return liveness === 'alive' || liveness === 'stale';
}

/** Milliseconds since the heartbeat, or since the record was written: a trainer that just took the run up has not beaten yet. */
export async function silenceMs(runDir: string): Promise<number> {
  const times = await Promise.all([runPaths.heartbeat(runDir), runPaths.record(runDir)].map(writtenAt));
  return Math.max(0, Date.now() - maxOf(times));
}

async function writtenAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
