/** A workspace with the shipped experiments and runs of every status. */
import { cpSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBuiltHeartbeat } from '../runs/built-heartbeat.ts';
import { ROOT } from './editor.ts';
import { writeExampleRun } from './example-runs.ts';

export interface ExampleWorkspace {
  readonly folder: string;
  readonly runsFolder: string;
  /** Folder of the run that is at work as long as this process keeps the workspace. */
  readonly running: string;
  remove(): Promise<void>;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** An empty workspace with the shipped experiments, in a temporary folder. */
export function emptyWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-workspace-'));
  cpSync(join(ROOT, 'configs'), join(folder, 'configs'), { recursive: true });
  return folder;
}

/** Writes the workspace: a run of each status, one of them at work in this process. */
export async function exampleWorkspace(): Promise<ExampleWorkspace> {
  const folder = emptyWorkspace();
  const runsFolder = join(folder, 'runs');
  const file = (name: string) => join(folder, 'configs', `${name}.yml`);
  const quickstart = { name: 'quickstart', experimentFile: file('quickstart') };
  const baseline = { tags: ['paper'], note: 'The settings of the paper.', isBaseline: true };
  await writeExampleRun(runsFolder, {
    ...{ name: 'everything-7e-6-warmup', status: 'finished', ageMs: DAY + 2 * HOUR, test: [0.8162, 0.8363] },
    annotation: { ...baseline, title: 'everything at 7e-6' },
  });
  const problem = {
    code: 'loss-not-finite',
    message: 'loss not finite at step 41: found NaN, expected a number',
    where: 'step 41, bert.encoder.layer.3.output.dense.weight',
    next: 'Lower hyperparameters.learning_rate, then start again.',
  };
  await writeExampleRun(runsFolder, {
    ...{ name: 'classifier-only-1e-3', status: 'failed', steps: 41, ageMs: 20 * HOUR, problem },
    annotation: { title: 'classifier only' },
  });
  await writeExampleRun(runsFolder, { ...quickstart, status: 'stopped', steps: 180, ageMs: 5 * HOUR });
  await writeExampleRun(runsFolder, {
    ...{ name: 'model_config', status: 'finished', ageMs: 2 * HOUR + 5 * MINUTE, test: [0.8162, 0.857] },
    annotation: { title: 'model_config · 7e-6', tags: ['keep'] },
  });
  await writeExampleRun(runsFolder, {
    ...{ name: 'everything-1e-3', status: 'finished', ageMs: 70 * MINUTE, test: [0.8162, 0.8318] },
  });
  await writeExampleRun(runsFolder, {
    ...{ name: 'bi-encoder', status: 'running', isCrashed: true, steps: 64, ageMs: 40 * MINUTE },
  });
  await writeExampleRun(runsFolder, {
    ...{ name: 'bm25-check', job: 'evaluate', status: 'finished', ageMs: 12 * MINUTE, test: [0.8162, 0] },
  });
  const running = await writeExampleRun(runsFolder, { ...quickstart, status: 'running', steps: 116, ageMs: MINUTE });
  const heartbeat = startBuiltHeartbeat(running);
  return {
    folder,
    runsFolder,
    running,
    async remove() {
      await heartbeat.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
