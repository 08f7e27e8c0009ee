import type { Experiment } from '../config/experiment.ts';
import type { RunEvent } from '../protocol/events.ts';
import { ProblemError } from '../protocol/problem.ts';
import type { RunRecord } from '../protocol/run-record.ts';
import type { EventLog } from '../runs/event-log.ts';
import { updateRecord } from '../runs/record.ts';
import { isStopRequested } from '../runs/stop-request.ts';
import { newestCheckpoint } from './checkpoint.ts';

/** An event without its time stamp, which the log adds. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 't'> : never) : never;

/** What reading an experiment's model and data needs, with or without a run. */
export interface Preparation {
  readonly experiment: Experiment;
  /** Folder that relative paths of the experiment start from. */
  readonly baseFolder: string;
  emit(event: NewEvent): void;
  /** Aborted when a signal asks the trainer to stop. */
  readonly signal: AbortSignal;
  /** Throws a StopRequest when somebody wants the job to end. */
  checkStop(): void;
}

/** What every part of a job shares: the run, its log, and whether somebody wants it to end. */
export interface JobContext extends Preparation {
  readonly runDir: string;
  readonly record: RunRecord;
  /** The run goes on where an earlier trainer of it ended. */
  readonly isResumed: boolean;
  /** Changes run.json. */
  update(changes: Partial<RunRecord>): Promise<void>;
  shouldStop(): boolean;
}

/** Thrown between two units of work when the run is asked to stop where there is nothing to save. */
export class StopRequest extends Error {
  /** Optimiser steps that the newest checkpoint holds. */
  readonly step: number;

  constructor(step: number) {
    super('the run was asked to stop');
    this.step = step;
  }
}

export function createContext(
  parts: Pick<JobContext, 'runDir' | 'record' | 'experiment' | 'isResumed' | 'baseFolder' | 'signal'>,
  log: EventLog,
): JobContext {
  const shouldStop = (): boolean => parts.signal.aborted || isStopRequested(parts.runDir);
  return {
    ...parts,
    emit: (event) => log.append({ t: Date.now(), ...event }),
    update: async (changes) => {
      await updateRecord(parts.runDir, changes);
    },
    shouldStop,
    checkStop: () => {
      if (shouldStop()) throw new StopRequest(newestCheckpoint(parts.runDir)?.step ?? 0);
    },
  };
}

/** Reports progress of long work at most four times a second, and ends it when the job is asked to stop. */
export function progressReporter(
  context: Preparation,
  phase: Extract<NewEvent, { type: 'progress' }>['phase'],
  what: string,
): (done: number, total: number | null) => void {
  let last = -Infinity;
  return (done, total) => {
    context.checkStop();
    const now = performance.now();
    if (now - last < 250 && done !== total) return;
    last = now;
    context.emit({ type: 'progress', phase, what, done, total });
  };
}

/** The option's value as an error says it, when a job meets something that it cannot do. */
export function unsupported(option: string, value: string, supported: string): ProblemError {
  return new ProblemError({
    code: 'unsupported',
    message: `${option} is "${value}"; this version runs ${supported}`,
    where: option,
    next: `Set ${option} to ${supported}.`,
  });
}
