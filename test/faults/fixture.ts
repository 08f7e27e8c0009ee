/** What all tries share: a tiny model and data, how a run of them ends when nothing goes wrong, and a stopped run to begin from. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { TRAINER_EXIT } from '../../src/protocol/jobs.ts';
import type { RunJob } from '../../src/protocol/jobs.ts';
import { newRun, tinyExperiment, writeTinyData, writeTinyModel } from '../trainer/tiny-run.ts';
import type { Plan } from './inject/plan.ts';
import { endOf } from './run-end.ts';
import type { RunEnd } from './run-end.ts';
import { startTrainer } from './processes.ts';
import { runPaths } from '../../src/runs/layout.ts';

export interface Fixture {
  readonly folder: string;
  /** The experiment's text; its artifact folders are relative to the working folder. */
  readonly experiment: string;
  /** How a run ends when nothing goes wrong. */
  readonly end: RunEnd;
  /** How many calls write to each part of a run from its start to its end. */
  readonly calls: Readonly<Record<string, number>>;
  /** Milliseconds that a run takes from its start to its end. */
  readonly runMs: number;
  /** A run that was stopped: its best checkpoint is not its last. */
  readonly stopped: string;
  /** A run that finished. */
  readonly finished: string;
}

/** Where the experiment's extra outputs go, below the working folder. */
export const ARTIFACTS = 'artifacts';

/** Dev is best at step 16 of 27: what is restored at the end is not what was trained last. */
const BEST_IN_THE_MIDDLE = { learning_rate: '3.0e-2' };
/** The evaluation after the best one; the plan goes on. */
const STOP_AT_STEP = 20;

export async function makeFixture(folder: string): Promise<Fixture> {
  const model = writeTinyModel(join(folder, 'model'));
  const data = writeTinyData(join(folder, 'data'));
  const outputs = ['output_dir', 'checkpoints_dir', 'logging_dir', 'tensor_board_dir']
    .map((name) => `${name}: ${ARTIFACTS}/${name}`)
    .join(', ');
  const experiment = `${tinyExperiment(model, data, BEST_IN_THE_MIDDLE)}artifacts_path: { ${outputs} }\n`;

  const finished = await newRun(join(folder, 'finished/runs'), experiment);
  const counting: Plan = planFor(finished, join(folder, 'finished'));
  const began = performance.now();
  await trained({ kind: 'train', runDir: finished, resume: false }, join(folder, 'finished'), counting);
  const runMs = performance.now() - began;
  const calls = JSON.parse(readFileSync(counting.out, 'utf8')) as Record<string, number>;

  const stopped = await newRun(join(folder, 'stopped/runs'), experiment);
  const stop: Plan = {
    ...planFor(stopped, join(folder, 'stopped')),
    moment: { part: 'events', holding: `"type":"checkpoint","step":${STOP_AT_STEP}`, n: 1, when: 'after' },
    action: { kind: 'write', file: runPaths.stop(stopped), text: '' },
  };
  const { code } = await startTrainer(
    { kind: 'train', runDir: stopped, resume: false },
    { cwd: join(folder, 'stopped') },
    stop,
  ).done;
  if (code !== TRAINER_EXIT.stopped) throw new Error(`the run to begin from ended with ${code}`);
  return { folder, experiment, calls, runMs, stopped, finished, end: await endOf(finished) };
}

async function trained(job: RunJob, cwd: string, plan?: Plan): Promise<void> {
  const { code, err } = await startTrainer(job, { cwd }, plan).done;
  if (code !== TRAINER_EXIT.finished) throw new Error(`a run without a fault ended with ${code}: ${err}`);
}

/** A plan without a fault for the run, whose working folder is given. */
export function planFor(runDir: string, cwd: string): Plan {
  return { runDir, artifacts: join(cwd, ARTIFACTS), out: join(cwd, 'happened') };
}

/** A new run of the experiment in a try's folder. */
export function freshRun({ experiment }: Fixture, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  return newRun(join(folder, 'runs'), experiment);
}

/** A copy of the stopped or the finished run in a try's folder. */
export function copyOf(fixture: Fixture, which: 'stopped' | 'finished', folder: string): string {
  const runDir = join(folder, 'runs', basename(fixture[which]));
  cpSync(fixture[which], runDir, { recursive: true });
  return runDir;
}
