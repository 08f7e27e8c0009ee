import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { env, TabInputWebview, window } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { row, twoRuns } from '../rows.ts';
import { exampleRun, execute, experiment, inWorkspace, showNotices, tabLabels, until } from '../fixture.ts';

/** Tests of the commands that show runs and what belongs to them. */
export const showTests = {
  'esciLab.openRun': [
    test('opens the panel of a run, and the same one again', async () => {
      const runDir = await exampleRun({ name: 'opened-by-path' });
      await execute('esciLab.openRun', runDir);
      await until('its tab', () => isActiveWebview('esciLab.run', 'opened-by-path'));
      await execute('esciLab.openRun', { kind: 'run', runDir });
      assert.deepEqual(tabLabels(), ['opened-by-path']);
    }),
    test('asks which run when it was called on none', async () => {
      await exampleRun({ name: 'opened-by-choice' });
      const asked = execute('esciLab.openRun');
      await ask('pick', 'opened-by-choice');
      await asked;
      await until('its tab', () => isActiveWebview('esciLab.run', 'opened-by-choice'));
    }),
  ],

  'esciLab.compareRuns': [
    test('compares the selected rows', async () => {
      const [one, two] = await twoRuns('selected');
      await execute('esciLab.compareRuns', row(one), [row(one), row(two)]);
      await until('the comparison', () => isActiveWebview('esciLab.compare', 'Compare 2 runs'));
    }),
    test('asks for the other run when it was called on one', async () => {
      const [one] = await twoRuns('with-another');
      const asked = execute('esciLab.compareRuns', row(one));
      await ask('pick', 'with-another-b');
      await asked;
      await until('the comparison', () => isActiveWebview('esciLab.compare', 'Compare 2 runs'));
    }),
    test('asks for several when it was called on none', async () => {
      await twoRuns('of-three');
      await exampleRun({ name: 'of-three-c' });
      const asked = execute('esciLab.compareRuns');
      await ask('tick', ['of-three-a', 'of-three-b', 'of-three-c']);
      await asked;
      await until('the comparison', () => isActiveWebview('esciLab.compare', 'Compare 3 runs'));
    }),
  ],

  'esciLab.showLog': [
    test('opens the trainer’s log', async () => {
      const runDir = await exampleRun({ name: 'has-log' });
      await writeFile(runPaths.log(runDir), 'said by the trainer\n');
      await execute('esciLab.showLog', runDir);
      assert.equal(window.activeTextEditor?.document.getText(), 'said by the trainer\n');
      assert.equal(window.activeTextEditor.document.uri.fsPath, runPaths.log(runDir));
    }),
    test('says that a run has no log yet', async () => {
      const runDir = await exampleRun({ name: 'has-no-log' });
      await execute('esciLab.showLog', runDir);
      await showNotices();
      await ask('notice', 'This run has no log yet.');
    }),
  ],

  'esciLab.revealFolder': [
    test('selects the run’s folder in the explorer of a remote workspace', async () => {
      const runDir = await exampleRun({ name: 'revealed' });
      await execute('esciLab.revealFolder', runDir);
      // The explorer shows a folder and its only one as one row.
      assert.equal((await ask('selectedInExplorer', 'revealed')).split('/').at(-1), basename(runDir));
    }),
  ],

  'esciLab.copyCliCommand': [
    test('copies the line that starts a run’s experiment', async () => {
      const experimentFile = experiment('tiny').fsPath;
      await execute('esciLab.copyCliCommand', await exampleRun({ name: 'copied', experimentFile }));
      assert.equal(await env.clipboard.readText(), 'npx esci-lab start configs/tiny.yml');
    }),
    test('copies the line that evaluates again', async () => {
      const experimentFile = experiment('tiny').fsPath;
      await execute('esciLab.copyCliCommand', await exampleRun({ name: 'copied', job: 'evaluate', experimentFile }));
      assert.equal(await env.clipboard.readText(), 'npx esci-lab evaluate configs/tiny.yml');
    }),
    test('quotes a path that a shell would take apart', async () => {
      await mkdir(inWorkspace('my models'), { recursive: true });
      await execute('esciLab.copyCliCommand', { uri: experiment('../my models/first') });
      assert.equal(await env.clipboard.readText(), "npx esci-lab start 'my models/first.yml'");
    }),
  ],

  'esciLab.openWalkthrough': [
    test('opens the walkthrough', async () => {
      await execute('esciLab.openWalkthrough');
      await until('its tab', () => tabLabels().some((label) => /^(Welcome|Walkthrough)/.test(label)));
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

function isActiveWebview(viewType: string, label: string): boolean {
  const tab = window.tabGroups.activeTabGroup.activeTab;
  // The editor puts its own word before the type of a webview.
  return tab?.input instanceof TabInputWebview && tab.input.viewType.endsWith(viewType) && tab.label === label;
}
