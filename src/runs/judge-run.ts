import type { RunRecord } from '../protocol/run-record.ts';
import type { ShownStatus } from '../vocabulary/status.ts';
import { livenessOf, shownStatus } from './liveness.ts';
import type { Liveness } from './liveness.ts';
import { readRecord } from './record.ts';

/** A run's record and what its process tells of it, as of one moment. */
export interface JudgedRun {
  readonly record: RunRecord;
  /** Of an active run only. */
  readonly liveness: Liveness | undefined;
  readonly status: ShownStatus;
}

/**
 * Judges a run by the record that was read of it. A trainer writes its end and is gone a moment later: the record of one that is gone is
 * read again, until it is the last, before the run counts as crashed.
 * @throws ProblemError as `readRecord`
 */
export async function judgeRun(runDir: string, record: RunRecord): Promise<JudgedRun> {
  const liveness = await livenessOf(runDir, record);
  if (liveness === 'dead') {
    const last = await readRecord(runDir);
    if (JSON.stringify(last) !== JSON.stringify(record)) return judgeRun(runDir, last);
  }
  return { record, liveness, status: shownStatus(record, liveness) };
}
