import { existsSync } from 'node:fs';
import type { Experiment } from '../../config/experiment.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { runPaths } from '../../runs/layout.ts';
import { isStopRequested } from '../../runs/stop-request.ts';
import { newestStep } from '../loop/checkpoint.ts';
import type { NewEvent } from '../new-event.ts';
import type { RunSession } from './run-session.ts';

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
  /** Step of the checkpoint that a person chose to test instead of the best one. */
  readonly finalStep: number | undefined;
  /** What earlier trainers of the run told. */
  readonly before: RunState;
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

/**
 * The context of a job on the session's run.
 * @throws ProblemError `run-folder-gone` from whatever asks whether to stop, once the run folder was moved or deleted
 */
export function createContext(
  parts: Pick<JobContext, 'record' | 'experiment' | 'isResumed' | 'finalStep' | 'baseFolder' | 'signal'>,
  session: RunSession,
): JobContext {
  const { runDir, before } = session;
  const shouldStop = (): boolean => {
    if (!existsSync(runPaths.record(runDir))) throw runFolderGone(runDir);
    return parts.signal.aborted || isStopRequested(runDir);
  };
  return {
    ...parts,
    runDir,
    before,
    emit: (event) => session.emit(event),
    update: async (changes) => {
      await session.update(changes);
    },
    shouldStop,
    checkStop: () => {
      if (shouldStop()) throw new StopRequest(newestStep(runDir));
    },
  };
}

/** What a trainer ends with when somebody took its folder away: it writes nothing more, so that no half of a run comes back. */
export function runFolderGone(runDir: string): ProblemError {
  return new ProblemError({
    code: 'run-folder-gone',
    message: 'The run folder was moved or deleted while its trainer was at work, so the trainer ended.',
    where: runDir,
    next: 'A folder that was moved can be resumed at its new place, from its newest checkpoint.',
  });
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
