import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readExperiment } from '../config/parse-experiment.ts';
import type { FailedEvent, FinishedEvent, Problem, StoppedEvent } from '../protocol/events.ts';
import { checkTrainerJob } from '../protocol/guards.ts';
import { TRAINER_EXIT, type ProbeJob, type RunJob, type TrainerJob } from '../protocol/jobs.ts';
import type { ProbeMessage } from '../protocol/probe.ts';
import { ProblemError, formatProblem } from '../protocol/problem.ts';
import { openEventLog, type EventLog } from '../runs/event-log.ts';
import { startHeartbeat } from '../runs/heartbeat.ts';
import { runPaths } from '../runs/layout.ts';
import { identifySelf } from '../files/process-identity.ts';
import { readRecord, updateRecord } from '../runs/record.ts';
import { clearStop } from '../runs/stop-request.ts';
import { describeMachine, gitState, packageVersions } from './environment.ts';
import { gpuSource } from './gpu-source.ts';
import { createContext, StopRequest, unsupported, type JobContext } from './job-context.ts';
import { runEvaluate } from './run-evaluate.ts';
import { runProbe } from './run-probe.ts';
import { runTrain } from './run-train.ts';

type TerminalEvent = Omit<StoppedEvent, 't'> | Omit<FinishedEvent, 't'> | Omit<FailedEvent, 't'>;

/** Entry of the child process: `node trainer.js '<TrainerJob as JSON>'`. Exit codes: TRAINER_EXIT. */
async function main(): Promise<number> {
  const job = readJob(process.argv[2]);
  return job.kind === 'probe' ? await probe(job) : await run(job);
}

/** Answers on stdout; there is no run folder. */
async function probe(job: ProbeJob): Promise<number> {
  const say = (message: ProbeMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);
  try {
    const report = await runProbe(job, abortedBySignals(), (what, done, total) =>
      say({ type: 'progress', what, done, total }),
    );
    say({ type: 'probed', report });
    return TRAINER_EXIT.finished;
  } catch (error) {
    if (error instanceof StopRequest) return TRAINER_EXIT.stopped;
    if (!(error instanceof ProblemError)) console.error(error);
    say({ type: 'failed', problem: problemOf(error) });
    return error instanceof ProblemError ? TRAINER_EXIT.problem : TRAINER_EXIT.bug;
  }
}

async function run(job: RunJob): Promise<number> {
  const log = openEventLog(job.runDir);
  const heartbeat = startHeartbeat(job.runDir);
  const started = Date.now();
  /** The heartbeat's thread writes to the same log: it ends before the last event. */
  const finish = async (code: number, event: TerminalEvent): Promise<number> => {
    await heartbeat.stop();
    log.append({ t: Date.now(), ...event });
    const problem = event.type === 'failed' ? { problem: event.problem } : {};
    await updateRecord(job.runDir, { status: event.type, endedAt: Date.now(), ...problem });
    return code;
  };
  try {
    const context = await openContext(job, log);
    if (context.experiment.device !== 'cpu') heartbeat.watchGpus(gpuSource());
    const stoppedAt = job.kind === 'train' ? await runTrain(context) : await runEvaluate(context);
    if (stoppedAt !== null) return await finish(TRAINER_EXIT.stopped, { type: 'stopped', step: stoppedAt });
    return await finish(TRAINER_EXIT.finished, { type: 'finished', ms: Date.now() - started });
  } catch (error) {
    if (error instanceof StopRequest) return await finish(TRAINER_EXIT.stopped, { type: 'stopped', step: error.step });
    const problem = problemOf(error);
    console.error(error instanceof ProblemError ? formatProblem(problem) : error);
    const code = error instanceof ProblemError ? TRAINER_EXIT.problem : TRAINER_EXIT.bug;
    return await finish(code, { type: 'failed', problem });
  } finally {
    await clearStop(job.runDir);
    log.close();
  }
}

function readJob(argument: string | undefined): TrainerJob {
  const checked = checkTrainerJob(JSON.parse(argument ?? 'null'));
  if (!checked.ok) throw new TypeError(`not a trainer job: ${JSON.stringify(checked.wrongs)}`);
  return checked.value;
}

async function openContext(job: RunJob, log: EventLog): Promise<JobContext> {
  const record = await readRecord(job.runDir);
  const experimentPath = runPaths.experiment(job.runDir);
  const experiment = readExperiment(readFileSync(experimentPath, 'utf8'), experimentPath);
  if (experiment.engine !== 'onnx') throw unsupported('engine', experiment.engine, 'onnx');
  const baseFolder = existsSync(record.experimentFile) ? dirname(record.experimentFile) : process.cwd();
  const git = await gitState(baseFolder);
  const updated = await updateRecord(job.runDir, {
    status: 'running',
    startedAt: record.startedAt ?? Date.now(),
    packages: packageVersions(),
    machine: describeMachine(),
    seed: experiment.hyperparameters.seed,
    headline: experiment.evaluation.metrics[0]!,
    process: await identifySelf(),
    ...(git === undefined ? {} : { git }),
  });
  const isResumed = job.kind === 'train' && job.resume;
  return createContext(
    { runDir: job.runDir, record: updated, experiment, isResumed, baseFolder, signal: abortedBySignals() },
    log,
  );
}

/** Aborted when a signal asks this process to stop. */
function abortedBySignals(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  return stop.signal;
}

/** What went wrong in words; a bug keeps its stack in the log alone. */
function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'bug',
    message: `unexpected: ${error instanceof Error ? error.message : String(error)}`,
    next: 'The end of trainer.log has the details; please report them.',
  };
}

process.exitCode = await main();
