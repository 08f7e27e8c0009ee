import { setTimeout as delay } from 'node:timers/promises';
import { tailEvents } from '../process/tail.ts';
import type { TailEnd } from '../process/tail.ts';
import type { TrainerProcess } from '../process/trainer-process.ts';
import type { RunEvent } from '../protocol/events.ts';
import { foldEvents, NO_EVENTS } from '../protocol/run-state.ts';
import type { RunState } from '../protocol/run-state.ts';
import { readEvents } from '../runs/read-events.ts';
import { requestStop } from '../runs/stop-request.ts';
import type { Cli } from './cli-context.ts';
import type { RunView } from './run-view.ts';

/** What was seen of a run: its state, and where in its log that ends. */
export interface SeenRun {
  readonly state: RunState;
  readonly offset: number;
}

export interface FollowOptions {
  readonly runDir: string;
  /** The trainer that was just started; without one, the run's record tells whether something is to come. */
  readonly trainer?: TrainerProcess;
  /** What was there before; it is not shown again. */
  readonly seen?: SeenRun;
  /** What Ctrl-C does: ends the run in three stages, or only leaves. */
  readonly onInterrupt: 'stop' | 'leave';
}

export interface Followed {
  readonly end: TailEnd;
  readonly state: RunState;
  /** The person had the trainer ended without a checkpoint. */
  readonly wasTerminated: boolean;
}

/** After SIGTERM, before the kill. */
const TERMINATE_MS = 5000;
/** A trainer writes its record after its last event. */
const LAST_WORDS_MS = 10_000;

/** Everything that a run has told so far. */
export async function seeRun(runDir: string): Promise<SeenRun> {
  const { events, offset } = await readEvents(runDir);
  return { state: foldEvents(NO_EVENTS, events), offset };
}

/** Shows a run until its trainer ends, or until the person leaves. The trainer lives on when this process dies. */
export async function followRun(cli: Cli, view: RunView, options: FollowOptions): Promise<Followed> {
  const { runDir, trainer, seen } = options;
  const leave = new AbortController();
  const interrupts = { stop: stopInStages(view, options, leave), leave: () => leave.abort() };
  const release = cli.onInterrupt(interrupts[options.onInterrupt]);
  let state = seen?.state ?? NO_EVENTS;
  const tail = tailEvents(runDir, {
    offset: seen?.offset ?? 0,
    signal: leave.signal,
    ...(trainer === undefined ? {} : { trainer }),
  });
  try {
    for (;;) {
      const { done, value } = await tail.next();
      if (done === true) {
        if (value !== 'aborted') await lastWords(trainer);
        return { end: value, state, wasTerminated: interrupts.stop.wasTerminated() };
      }
      const events: readonly RunEvent[] = value.events;
      state = foldEvents(value.isRestart ? NO_EVENTS : state, events);
      view.show(events, state);
    }
  } finally {
    release();
    view.close();
  }
}

/** The three stages of Ctrl-C: ask for a checkpoint, end the process, leave. */
function stopInStages(view: RunView, { runDir, trainer }: FollowOptions, leave: AbortController) {
  let n = 0;
  let wasTerminated = false;
  const tell = (error: unknown): void => view.note(error instanceof Error ? error.message : String(error));

  function interrupt(): void {
    n++;
    if (n === 1) {
      view.note('Stopping: the trainer writes a checkpoint and ends. Ctrl-C again ends it at once.');
      requestStop(runDir).catch(tell);
    } else if (n === 2 && trainer !== undefined) {
      wasTerminated = true;
      view.note('Ending the trainer; steps since the last checkpoint are lost. Ctrl-C again leaves it to itself.');
      trainer.stop({ askMs: 0, terminateMs: TERMINATE_MS }).catch(tell);
    } else leave.abort();
  }
  return Object.assign(interrupt, { wasTerminated: () => wasTerminated });
}

/** Waits for the process to end, for a while. */
async function lastWords(trainer: TrainerProcess | undefined): Promise<void> {
  if (trainer === undefined) return;
  const timeout = new AbortController();
  // `exited` does not keep this process alive; the timer does.
  const timer = delay(LAST_WORDS_MS, undefined, { signal: timeout.signal }).catch(() => undefined);
  await Promise.race([trainer.exited, timer]);
  timeout.abort();
}
