import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { window } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { execute, experiment, extension } from '../fixture.ts';

/** Tests of New Experiment. */
export const newExperimentTests = {
  'esciLab.newExperiment': [
    test('writes a template under a new name, and opens it', async () => {
      await makeExperiment('bi-encoder', 'mine');
      const template = await readFile(join(extension().extensionPath, 'configs/bi-encoder.yml'), 'utf8');
      assert.equal(await readFile(experiment('mine').fsPath, 'utf8'), template);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, experiment('mine').fsPath);
      await ask('row', 'Experiments', 'mine');
    }),
    test('never overwrites an experiment', async () => {
      await makeExperiment('bi-encoder', 'twice');
      await makeExperiment('quickstart', 'twice');
      assert.match(await readFile(experiment('twice').fsPath, 'utf8'), /bi-encoder/);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, experiment('twice-2').fsPath);
    }),
    test('takes no name that is no file’s', async () => {
      const asked = execute('esciLab.newExperiment');
      await ask('pick', 'quickstart');
      await ask('enter', 'New Experiment', '../elsewhere');
      await ask('giveUp', 'Use letters, digits');
      await asked;
      assert.equal(existsSync(experiment('../elsewhere').fsPath), false);
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

async function makeExperiment(template: string, name: string): Promise<void> {
  const asked = execute('esciLab.newExperiment');
  await ask('pick', template);
  await ask('enter', 'New Experiment', name);
  await asked;
}
