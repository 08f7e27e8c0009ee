import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyWorkspace } from '../e2e/example-workspace.ts';
import { tinyExperiment, writeTinyData, writeTinyModel } from '../trainer/tiny-run.ts';

/** A workspace in a temporary folder: the shipped experiments, and two on a tiny model that train in seconds. */
export function trainingWorkspace(): string {
  const folder = emptyWorkspace();
  writeTinyModel(join(folder, 'tiny/model'));
  writeTinyData(join(folder, 'tiny/data'));
  const write = (name: string, options: Readonly<Record<string, number>>) =>
    writeFileSync(join(folder, 'configs', name), tinyExperiment('tiny/model', 'tiny/data', options));
  write('tiny.yml', { num_epochs: 1 });
  // Goes on until it is stopped.
  write('endless.yml', { num_epochs: 10_000, early_stopping_patience: 1_000_000 });
  return folder;
}

/** The same as it may come from somebody else: with settings that say where runs are written. */
export function untrustedWorkspace(): string {
  const folder = trainingWorkspace();
  mkdirSync(join(folder, '.vscode'));
  writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'esciLab.runsFolder': 'elsewhere' }));
  return folder;
}
