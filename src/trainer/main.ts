import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { readExperiment } from '../config/check/parse-experiment.ts';
import { identifySelf } from '../files/process-identity.ts';
import { errorCode, writeProblem } from '../files/os-problem.ts';
import type { Problem } from '../vocabulary/problem.ts';
import type { FinishedEvent, StoppedEvent } from '../protocol/events.ts';
import { TRAINER_EXIT, type ProbeJob, type RunJob } from '../protocol/jobs.ts';
import type { ProbeMessage } from '../protocol/probe.ts';
import { ProblemError, formatProblem } from '../vocabulary/problem.ts';
import { readExperimentText } from '../runs/experiment-text.ts';
import { runPaths } from '../runs/layout.ts';
import { readRecord } from '../runs/record.ts';
import { dropOptimizerState } from './loop/checkpoint.ts';
import { describeMachine, gitState, packageVersions } from './environment.ts';
import { gpuSource } from './gpu-source.ts';
import { createContext, runFolderGone, StopRequest, type JobContext } from './jobs/job-context.ts';
import { readJob } from './jobs/read-job.ts';
import { missingResults, requireResults } from './jobs/results.ts';
import { runEvaluate } from './jobs/run-evaluate.ts';
import { runProbe } from './jobs/run-probe.ts';
import { openRunSession, type RunSession } from './jobs/run-session.ts';
import { runTrain } from './jobs/run-train.ts';

type StoppedEnd = Omit<StoppedEvent, 't'>;
type FinishedEnd = Omit<FinishedEvent, 't'>;

/** Entry of the child process: `node trainer.js '<TrainerJob as JSON>'`. Exit codes: TRAINER_EXIT. */
async function main(): Promise<number> {
  const job = readJob(process.argv[2]);
  return job.kind === 'probe' ? await probe(job) : await run(job);
}

/** Answers on stdout; there is no run folder. */
async function probe(job: ProbeJob): Promise<number> {
  const send = (message: ProbeMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
  try {
    const report = await runProbe(job, abortedBySignals(), (what, done, total) =>
      send({ type: 'progress', what, done, total }),
    );
    send({ type: 'probed', report });
    return TRAINER_EXIT.finished;
  } catch (error) {
    if (error instanceof StopRequest) return TRAINER_EXIT.stopped;
    if (!(error instanceof ProblemError)) console.error(error);
    const problem = problemOf(error, null);
    send({ type: 'failed', problem });
    return isExpected(problem) ? TRAINER_EXIT.problem : TRAINER_EXIT.bug;
  }
}

async function run(job: RunJob): Promise<number> {
  let session: RunSession;
  try {
    session = await openRunSession(job.runDir);
  } catch (error) {
    // Another trainer's run, or no run: there is nothing that this one may write to but its output.
    if (!(error instanceof ProblemError)) throw error;
    console.error(formatProblem(error.problem));
    return error.problem.code === 'run-active' ? TRAINER_EXIT.refused : TRAINER_EXIT.problem;
  }
  try {
    // An earlier trainer finished the run and died before run.json could say so.
    if (session.before.status === 'finished' && missingResults(job).length === 0) {
      session.emit({ type: 'resumed', fromStep: session.before.step, pid: process.pid });
      await session.end({ type: 'finished', ms: 0 });
    } else {
      const end = await runJob(job, session);
      await session.end(end);
      if (end.type === 'stopped') return TRAINER_EXIT.stopped;
    }
    await dropWhatIsOfNoUse(session);
    return TRAINER_EXIT.finished;
  } catch (error) {
    const problem = problemOf(error, job.runDir);
    // Before the log, which may lie on the disk that is full: the end frees what was reserved for it.
    await session.end({ type: 'failed', problem });
    console.error(isExpected(problem) ? formatProblem(problem) : error);
    return isExpected(problem) ? TRAINER_EXIT.problem : TRAINER_EXIT.bug;
  } finally {
    await session.close();
  }
}

/** Does the job and gives the run's end, which is not written yet. */
async function runJob(job: RunJob, session: RunSession): Promise<StoppedEnd | FinishedEnd> {
  const began = performance.now();
  try {
    const context = await openContext(job, session);
    context.checkStop();
    if (context.experiment.device !== 'cpu') session.watchGpus(gpuSource());
    const stoppedAt = job.kind === 'train' ? await runTrain(context) : await runEvaluate(context);
    if (stoppedAt !== null) return { type: 'stopped', step: stoppedAt };
    requireResults(job);
    return { type: 'finished', ms: performance.now() - began };
  } catch (error) {
    if (error instanceof StopRequest) return { type: 'stopped', step: error.step };
    throw error;
  }
}

/** Removes the optimiser's states, twice the size of the model, now that the end is on the disk. A failure leaves them. */
async function dropWhatIsOfNoUse({ runDir }: RunSession): Promise<void> {
  try {
    const path = runPaths.experiment(runDir);
    if (!readExperiment(await readExperimentText(runDir), path).keep_optimizer_state) dropOptimizerState(runDir);
  } catch (error) {
    console.error(error);
  }
}

async function openContext(job: RunJob, session: RunSession): Promise<JobContext> {
  const { runDir } = job;
  const record = await readRecord(runDir);
  const experimentPath = runPaths.experiment(runDir);
  const experiment = readExperiment(await readExperimentText(runDir), experimentPath);
  const baseFolder = existsSync(record.experimentFile) ? dirname(record.experimentFile) : process.cwd();
  const git = await gitState(baseFolder);
  const begun = await session.begin({
    startedAt: record.startedAt ?? Date.now(),
    packages: packageVersions(),
    machine: describeMachine(),
    seed: experiment.hyperparameters.seed,
    headline: experiment.evaluation.metrics[0]!,
    process: await identifySelf(),
    ...(git === undefined ? {} : { git }),
  });
  const isResumed = job.kind === 'train' && job.resume;
  const finalStep = job.kind === 'train' ? job.finalStep : undefined;
  return createContext(
    { record: begun, experiment, isResumed, finalStep, baseFolder, signal: abortedBySignals() },
    session,
  );
}

/** Aborted when a signal asks this process to stop. */
function abortedBySignals(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

/** What went wrong in words; a bug keeps its stack in the log alone. */
function problemOf(error: unknown, runDir: string | null): Problem {
  if (runDir !== null && !existsSync(runPaths.record(runDir))) return runFolderGone(runDir).problem;
  if (error instanceof ProblemError) return error.problem;
  const failure = NO_ROOM.has(errorCode(error)) ? writeProblem(error, pathOf(error) ?? runDir ?? '') : error;
  if (failure instanceof ProblemError) return failure.problem;
  return {
    code: 'bug',
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    next: 'The end of trainer.log has the details; please report them.',
  };
}

const isExpected = ({ code }: Problem): boolean => code !== 'bug';

/** Errors of a write, wherever it was, that are never a bug: no space, no quota, a size limit, a read-only or failing disk. */
const NO_ROOM: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'EROFS', 'EIO']);

/** The file that an error of the operating system is about. */
function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : undefined;
}

// A log that cannot be written, or that nobody reads any more, is no reason to end: the run tells of itself by its files.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await main().catch((error: unknown) => {
  // Before there is a run folder, there is nobody else to tell.
  if (!(error instanceof ProblemError)) throw error;
  console.error(formatProblem(error.problem));
  return TRAINER_EXIT.problem;
});
