/** What one trainer holds while it works on a run: the run's lock, its log, its clock and heartbeat, and the space for its last words. */
import { existsSync } from 'node:fs';
import type { RunState } from '../../protocol/run-state.ts';
import { formatProblem, ProblemError } from '../../vocabulary/problem.ts';
import type { FailedEvent, FinishedEvent, StoppedEvent } from '../../protocol/events.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import { openEventClock } from '../../runs/log/event-clock.ts';
import { openEventLog } from '../../runs/log/event-log.ts';
import { foldLog, LATEST_STEPS } from '../../runs/log/fold-log.ts';
import { runPaths } from '../../runs/layout.ts';
import { removeLeftovers } from '../../runs/leftovers.ts';
import { requireOwnFiles } from '../../runs/own-files.ts';
import { readRecord, updateRecord, writeRecord } from '../../runs/record.ts';
import { reserveSpace } from '../../runs/reserve.ts';
import { takeRunLock } from '../../runs/run-lock.ts';
import { clearStop } from '../../runs/stop-request.ts';
import type { GpuSource } from '../gpu-source.ts';
import { startHeartbeat } from '../heartbeat/heartbeat.ts';
import type { NewEvent } from '../new-event.ts';

/** The last event of a trainer. */
export type TerminalEvent = Omit<StoppedEvent, 't'> | Omit<FinishedEvent, 't'> | Omit<FailedEvent, 't'>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface RunSession {
  readonly runDir: string;
  /** What earlier trainers of the run told. */
  readonly before: RunState;
  /** Appends an event; a warning that an earlier trainer of the run gave is not given again. */
  emit(event: NewEvent): void;
  /** Takes the run up in run.json: from now on it counts as running. Takes the space for the last words. */
  begin(changes: Partial<RunRecord>): Promise<RunRecord>;
  /** Changes run.json. */
  update(changes: Partial<RunRecord>): Promise<RunRecord>;
  watchGpus(source: GpuSource): void;
  /**
   * Writes the last event and the end in run.json. An end as `finished` is written whole or throws; any other is written as far as it can
   * be, so that a reason which one file cannot take stands in the other.
   */
  end(event: TerminalEvent): Promise<void>;
  /** Gives everything back; to be called last, whatever happened. */
  close(): Promise<void>;
}

/**
 * Takes a run for this process and opens its log.
 * @throws ProblemError `run-active` when another trainer works on it: nothing was touched; `no-run`, `foreign-files`, `disk-full`,
 * `cannot-write`
 */
export async function openRunSession(runDir: string): Promise<RunSession> {
  const began = performance.now();
  const lock = await takeRunLock(runDir);
  try {
    await requireOwnFiles(runDir);
    await removeLeftovers(runDir);
    const { state: before } = await foldLog(runDir, { keptSteps: LATEST_STEPS });
    const { activeMs: activeBefore = 0 } = await readRecord(runDir);
    const clock = openEventClock(before.lastEventAt);
    const log = openEventLog(runDir);
    const heartbeat = startHeartbeat(runDir, { clock });
    const warned = new Set(before.warnings.map(({ problem }) => JSON.stringify(problem)));
    let release = (): void => undefined;

    const withTime = (changes: Partial<RunRecord>): Partial<RunRecord> => ({
      ...changes,
      activeMs: Math.round(activeBefore + performance.now() - began),
    });
    const append = (event: NewEvent): void => log.append({ t: clock.now(), ...event });
    const update = (changes: Partial<RunRecord>): Promise<RunRecord> => updateRecord(runDir, withTime(changes));

    async function endRecord(event: TerminalEvent): Promise<void> {
      const problem = event.type === 'failed' ? { problem: event.problem } : {};
      await update({ status: event.type, endedAt: Date.now(), ...problem });
    }

    return {
      runDir,
      before,
      emit(event) {
        if (event.type === 'warning') {
          const key = JSON.stringify(event.problem);
          if (warned.has(key)) return;
          warned.add(key);
        }
        append(event);
      },
      async begin(changes) {
        // What an earlier trainer said of its own end is over.
        const record: Mutable<RunRecord> = { ...(await readRecord(runDir)) };
        delete record.endedAt;
        delete record.problem;
        const begun: RunRecord = { ...record, ...withTime(changes), status: 'running' };
        await writeRecord(runDir, begun);
        release = reserveSpace(runDir);
        return begun;
      },
      update,
      watchGpus: (source) => heartbeat.watchGpus(source),
      async end(event) {
        // The heartbeat's thread writes to the same log, and would take the room that the reserve gives.
        await heartbeat.stop();
        release();
        if (event.type === 'finished') {
          append(event);
          await endRecord(event);
          return;
        }
        await orTellLog(() => append(event));
        if (existsSync(runPaths.record(runDir))) await orTellLog(() => endRecord(event));
      },
      async close() {
        const steps = [
          () => heartbeat.stop(),
          release,
          () => log.close(),
          () => clearStop(runDir),
          () => lock.release(),
        ];
        for (const step of steps) await orTellLog(step);
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What cannot be written any more goes to the trainer's log. */
async function orTellLog(write: () => void | Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    console.error(error instanceof ProblemError ? formatProblem(error.problem) : error);
  }
}
