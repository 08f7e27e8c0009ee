import assert from 'node:assert/strict';
import { commands, TabInputCustom, TabInputText, window } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { execute, experiment, until } from '../fixture.ts';

/** Tests of the commands that choose between form and text. */
export const openAsTests = {
  'esciLab.openAsForm': [
    test('opens the form of a row’s experiment', async () => {
      await execute('esciLab.openAsForm', { uri: experiment('tiny') });
      await until('the form', () => isFormOf('tiny'));
    }),
    test('opens the form of the text that is active', async () => {
      await window.showTextDocument(experiment('tiny'));
      await execute('esciLab.openAsForm');
      await until('the form', () => isFormOf('tiny'));
    }),
    test('asks which experiment when none is active', async () => {
      const asked = execute('esciLab.openAsForm');
      await ask('pick', 'quickstart');
      await asked;
      await until('the form', () => isFormOf('quickstart'));
    }),
  ],

  'esciLab.openAsText': [
    test('opens the text of the active form', async () => {
      await commands.executeCommand('vscode.openWith', experiment('tiny'), 'esciLab.experimentForm');
      await until('the form', () => isFormOf('tiny'));
      await execute('esciLab.openAsText');
      const input = await until('the text', () => {
        const found = window.tabGroups.activeTabGroup.activeTab?.input;
        return found instanceof TabInputText && found;
      });
      assert.equal(input.uri.fsPath, experiment('tiny').fsPath);
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

function isFormOf(name: string): boolean {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  const isForm = input instanceof TabInputCustom && input.viewType === 'esciLab.experimentForm';
  return isForm && input.uri.fsPath === experiment(name).fsPath;
}
