/** A workspace whose experiments really train, in seconds, and a terminal in it. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTrainer } from '../../src/process/find-trainer.ts';
import { listRuns } from '../../src/runs/list-runs.ts';
import { tinyExperiment, writeTinyData, writeTinyModel } from '../trainer/tiny-run.ts';
import { ROOT } from './editor.ts';

/** Goes on until it is stopped; a checkpoint every few seconds. */
const ENDLESS = { num_epochs: 10_000, eval_steps: 200, early_stopping_patience: 10_000 };

/** Experiments of the workspace, by file name without extension. `failing` names data without a column that is needed. */
export type TrainingExperiment = 'tiny' | 'endless' | 'in-terminal' | 'failing';

/** Writes the workspace into a temporary folder and gives its path. */
export function trainingWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-training-'));
  mkdirSync(join(folder, 'configs'));
  writeTinyModel(join(folder, 'tiny/model'));
  writeTinyData(join(folder, 'tiny/data'));
  cpSync(join(ROOT, 'test/fixtures/data/broken/column-missing'), join(folder, 'tiny/broken'), { recursive: true });
  const options: Record<TrainingExperiment, Readonly<Record<string, number>>> = {
    tiny: { num_epochs: 2 },
    endless: ENDLESS,
    'in-terminal': ENDLESS,
    failing: {},
  };
  for (const [name, hyperparameters] of Object.entries(options)) {
    const text = tinyExperiment('tiny/model', name === 'failing' ? 'tiny/broken' : 'tiny/data', hyperparameters);
    writeFileSync(join(folder, 'configs', `${name}.yml`), text);
  }
  return folder;
}

/** Starts an experiment with the command line tool in the workspace; gives its exit code once it ends. */
export function startInTerminal(folder: string, experiment: TrainingExperiment): Promise<number | null> {
  const args = [join(ROOT, 'dist/cli.js'), 'start', `configs/${experiment}.yml`];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' });
  return new Promise((ended) => child.once('exit', ended));
}

/** Ends whatever trains in the workspace still. */
export async function endTrainers(folder: string): Promise<void> {
  for (const { runDir, isReadable } of await listRuns(join(folder, 'runs'))) {
    if (isReadable) await (await findTrainer(runDir))?.stop({ askMs: 0, terminateMs: 0 });
  }
}
