import { setTimeout as delay } from 'node:timers/promises';
import { tailEvents } from '../process/tail.ts';
import type { TailEnd } from '../process/tail.ts';
import type { TrainerProcess } from '../process/trainer-process.ts';
import { ownState } from '../protocol/run-state.ts';
import type { RunState } from '../protocol/run-state.ts';
import { foldBatch } from '../runs/log/fold-log.ts';
import type { FoldedLog } from '../runs/log/fold-log.ts';
import { requestStop } from '../runs/stop-request.ts';
import type { Cli } from './cli-context.ts';
import type { RunView } from './run-view.ts';

export interface WatchOptions {
  readonly runDir: string;
  /** The trainer that was just started; without one, the run's record tells whether something is to come. */
  readonly trainer?: TrainerProcess;
  /** What was there before; it is not shown again. */
  readonly seen?: FoldedLog;
  /** What Ctrl-C does: ends the run in three stages, or only leaves. */
  readonly onInterrupt: 'stop' | 'leave';
}

export interface WatchedRun {
  readonly end: TailEnd;
  readonly state: RunState;
  /** The person had the trainer ended without a checkpoint. */
  readonly wasTerminated: boolean;
  /** Of a trainer that is a child of this process and has ended. */
  readonly exitCode?: number | null;
}

/** After SIGTERM, before the kill. */
const TERMINATE_MS = 5000;
/** A trainer writes its record after its last event. */
const EXIT_WAIT_MS = 10_000;

/** Shows a run until its trainer ends, or until the person leaves. The trainer lives on when this process dies. */
export async function watchRun(cli: Cli, view: RunView, options: WatchOptions): Promise<WatchedRun> {
  const { runDir, trainer, seen } = options;
  const leave = new AbortController();
  const interrupts = { stop: stopInStages(view, options, leave), leave: () => leave.abort() };
  const release = cli.onInterrupt(interrupts[options.onInterrupt]);
  let state = seen?.state ?? ownState();
  const tail = tailEvents(runDir, {
    signal: leave.signal,
    ...(seen === undefined ? {} : { reader: seen.reader }),
    ...(trainer === undefined ? {} : { trainer }),
  });
  try {
    for (;;) {
      const { done, value } = await tail.next();
      if (done === true) {
        const exitCode = value === 'aborted' ? undefined : await waitForExit(trainer);
        const ended = { end: value, state, wasTerminated: interrupts.stop.wasTerminated() };
        return exitCode === undefined ? ended : { ...ended, exitCode };
      }
      state = foldBatch(state, value);
      view.show(value.events, state);
    }
  } finally {
    release();
    view.close();
  }
}

/** The three stages of Ctrl-C: ask for a checkpoint, end the process, leave. */
function stopInStages(view: RunView, { runDir, trainer }: WatchOptions, leave: AbortController) {
  let n = 0;
  let wasTerminated = false;
  const noteError = (error: unknown): void => view.note(error instanceof Error ? error.message : String(error));

  function interrupt(): void {
    n++;
    if (n === 1) {
      view.note('Stopping: the trainer writes a checkpoint and ends. Ctrl-C again ends it at once.');
      requestStop(runDir).catch(noteError);
    } else if (n === 2 && trainer !== undefined) {
      wasTerminated = true;
      view.note('Ending the trainer; steps since the last checkpoint are lost. Ctrl-C again leaves it to itself.');
      trainer.stop({ askMs: 0, terminateMs: TERMINATE_MS }).catch(noteError);
    } else leave.abort();
  }
  return Object.assign(interrupt, { wasTerminated: () => wasTerminated });
}

/** Waits for the process to end, for a while, and gives its exit code. */
async function waitForExit(trainer: TrainerProcess | undefined): Promise<number | null | undefined> {
  if (trainer === undefined) return undefined;
  const timeout = new AbortController();
  // `exited` does not keep this process alive; the timer does.
  const timer = delay(EXIT_WAIT_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
  const exit = await Promise.race([trainer.exited, timer]);
  timeout.abort();
  return exit?.code;
}
