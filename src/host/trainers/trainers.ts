import { existsSync } from 'node:fs';
import { findNode } from '../../process/find-node.ts';
import { findTrainer } from '../../process/find-trainer.ts';
import { keepAwake } from '../../process/keep-awake.ts';
import { noteStillborn, spawnTrainer } from '../../process/spawn-trainer.ts';
import { probeExperiment } from '../../process/probe-experiment.ts';
import type { ProbeOptions } from '../../process/probe-experiment.ts';
import type { TrainerProcess } from '../../process/trainer-process.ts';
import { TRAINER_EXIT } from '../../protocol/jobs.ts';
import type { ProbeJob, RunJob } from '../../protocol/jobs.ts';
import type { ProbeReport } from '../../protocol/probe.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { createRun } from '../../runs/create-run.ts';
import type { NewRun } from '../../runs/create-run.ts';
import { updateRecord } from '../../runs/record.ts';
import { takenMeanwhile } from '../../runs/run-lock.ts';
import { isActive } from '../../vocabulary/status.ts';
import { isReadable } from '../runs/live-run.ts';
import type { LiveRuns } from '../runs/live-runs.ts';

/** A run that waits for its turn; what the editor remembers of it over a reload of the window. */
export interface Waiting {
  readonly runDir: string;
  /** Working folder of its trainer. */
  readonly cwd: string;
  readonly isResumed: boolean;
  /** See `TrainJob.finalStep`. */
  readonly finalStep?: number;
}

export interface TrainersOptions {
  readonly runs: LiveRuns;
  /** Absolute path of the bundled trainer. */
  readonly script: string;
  /** The setting for the path of Node. */
  readonly nodePath: () => string;
  /** How many may be at work at once. */
  readonly maxParallel: () => number;
  /** Whether anything may start here now: not in a workspace that is not trusted. What waits goes on waiting. */
  readonly mayStart: () => boolean;
  /** The queue as it was remembered. */
  readonly queue: readonly Waiting[];
  readonly remember: (queue: readonly Waiting[]) => void;
  /** Hears of a start from the queue that failed, also of one that another trainer of the run forestalled. */
  readonly onError: (error: unknown) => void;
}

/** Starts and stops the trainers of this window, one after the other unless the person wants several at once. */
export interface Trainers {
  /** Creates a run and starts its trainer as soon as there is room. Gives the run's folder. */
  start(runsFolder: string, experimentText: string, run: NewRun, cwd: string): Promise<string>;
  /** Goes on with a run that has ended, as soon as there is room. */
  resume(runDir: string, cwd: string, finalStep?: number): Promise<void>;
  /** Starts a waiting run at once, beside those at work. */
  startNow(runDir: string): Promise<void>;
  /** Takes a waiting run out of the queue, or asks a trainer to write its checkpoint and end; done when it has ended. */
  stop(runDir: string): Promise<void>;
  /** Place in the queue, 1 for the next. */
  placeOf(runDir: string): number | undefined;
  /** Whether a run that is started now waits for its turn. */
  wouldWait(): boolean;
  /** Whether a trainer was started here that has not told of itself yet. */
  isStarting(runDir: string): boolean;
  isStopping(runDir: string): boolean;
  /** Runs a dry run beside whatever is at work; ends with the window. */
  probe(job: ProbeJob, options: Pick<ProbeOptions, 'cwd' | 'signal' | 'onProgress'>): Promise<ProbeReport>;
  /** Starts what there is room for: after a reload, or a change of settings. */
  pump(): Promise<void>;
  onDidChange(listener: (runDirs: readonly string[]) => void): () => void;
}

/** Opens the queue; nothing starts before the first `pump`. */
export function openTrainers(options: TrainersOptions): Trainers {
  const { runs, script, nodePath, maxParallel, mayStart, remember, onError } = options;
  let queue: readonly Waiting[] = options.queue;
  /** Spawned here, and not seen at work in the runs folder yet. */
  const starting = new Map<string, Promise<TrainerProcess>>();
  const stopping = new Set<string>();
  const listeners = new Set<(runDirs: readonly string[]) => void>();
  let pumping: Promise<void> = Promise.resolve();

  function setQueue(next: readonly Waiting[]): void {
    const runDirs = [...queue, ...next].map(({ runDir }) => runDir);
    queue = next;
    remember(next);
    notify(runDirs);
  }

  function notify(runDirs: readonly string[]): void {
    for (const listener of listeners) listener(runDirs);
  }

  function pump(): Promise<void> {
    pumping = pumping.then(startNext).catch(onError);
    return pumping;
  }

  async function startNext(): Promise<void> {
    for (;;) {
      const [next] = queue;
      if (next === undefined || !mayStart() || isFull()) return;
      setQueue(queue.slice(1));
      await spawn(next);
    }
  }

  function isFull(): boolean {
    const atWork = runs.runs.filter(isReadable).filter(({ run }) => isActive(run.status));
    return new Set([...starting.keys(), ...atWork.map(({ run }) => run.runDir)]).size >= maxParallel();
  }

  async function spawn({ runDir, cwd, isResumed, finalStep }: Waiting): Promise<void> {
    const live = runs.get(runDir);
    // It was deleted while it waited, or somebody stopped it in a terminal.
    if (live === undefined || !isReadable(live) || (!isResumed && live.run.record.status !== 'queued')) return;
    const chosen = finalStep === undefined ? {} : { finalStep };
    const job: RunJob =
      live.run.record.job === 'train'
        ? { kind: 'train', runDir, resume: isResumed, ...chosen }
        : { kind: 'evaluate', runDir };
    const spawning = spawnJob(job, cwd, isResumed);
    starting.set(runDir, spawning);
    try {
      const trainer = await spawning;
      keepAwake(trainer.pid);
      void trainer.exited.then(({ code }) => {
        if (code === TRAINER_EXIT.refused) onError(takenMeanwhile(runDir));
        starting.delete(runDir);
        runs.refresh().then(pump, onError);
      });
    } catch (error) {
      starting.delete(runDir);
      // A run that never began says why by itself, instead of waiting for ever.
      if (isResumed || !(error instanceof ProblemError)) throw error;
      await noteStillborn(runDir, error.problem);
      await runs.refresh();
    }
  }

  async function spawnJob(job: RunJob, cwd: string, isResumed: boolean): Promise<TrainerProcess> {
    requireScript();
    return spawnTrainer({ node: await findNode(nodePath()), script, job, isResumed, cwd });
  }

  function requireScript(): void {
    if (existsSync(script)) return;
    const next = 'Install the extension again; in a checkout, run `npm run build`.';
    throw new ProblemError({ code: 'no-trainer', message: 'The trainer is not there.', where: script, next });
  }

  async function stop(runDir: string): Promise<void> {
    const waiting = queue.find((item) => item.runDir === runDir);
    if (waiting !== undefined) {
      setQueue(queue.filter((item) => item !== waiting));
      if (!waiting.isResumed) await updateRecord(runDir, { status: 'stopped', endedAt: Date.now() });
      return;
    }
    const startingTrainer = await starting.get(runDir)?.catch(() => undefined);
    const trainer = startingTrainer ?? (await findTrainer(runDir));
    if (trainer === undefined) {
      const message = 'No trainer of this run is at work on this machine.';
      throw new ProblemError({ code: 'not-running', message, where: runDir });
    }
    stopping.add(runDir);
    notify([runDir]);
    try {
      await trainer.stop();
    } finally {
      stopping.delete(runDir);
      await runs.refresh();
      notify([runDir]);
    }
  }

  runs.onDidChange(({ isList, runDirs }) => {
    if (!isList) return;
    for (const runDir of runDirs) {
      const live = runs.get(runDir);
      if (live === undefined || (isReadable(live) && live.run.status !== 'queued')) starting.delete(runDir);
    }
    if (queue.length > 0) void pump();
  });

  return {
    async start(runsFolder, experimentText, run, cwd) {
      const { runDir } = await createRun(runsFolder, experimentText, run);
      await runs.refresh();
      setQueue([...queue, { runDir, cwd, isResumed: false }]);
      await pump();
      return runDir;
    },
    async resume(runDir, cwd, finalStep) {
      const chosen = finalStep === undefined ? {} : { finalStep };
      setQueue([...queue.filter((item) => item.runDir !== runDir), { runDir, cwd, isResumed: true, ...chosen }]);
      await pump();
    },
    async startNow(runDir) {
      const waiting = queue.find((item) => item.runDir === runDir);
      if (waiting === undefined) return;
      setQueue(queue.filter((item) => item !== waiting));
      await spawn(waiting);
    },
    stop,
    placeOf(runDir) {
      const index = queue.findIndex((item) => item.runDir === runDir);
      return index < 0 ? undefined : index + 1;
    },
    async probe(job, options) {
      requireScript();
      return probeExperiment({ node: await findNode(nodePath()), script, job, ...options });
    },
    wouldWait: () => queue.length > 0 || isFull(),
    isStarting: (runDir) => starting.has(runDir),
    isStopping: (runDir) => stopping.has(runDir),
    pump,
    onDidChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
