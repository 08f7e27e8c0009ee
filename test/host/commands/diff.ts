import assert from 'node:assert/strict';
import { TabInputTextDiff, window } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { ask } from '../ask.ts';
import { row, twoRuns } from '../rows.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, experiment, showNotices, tabLabels, until } from '../fixture.ts';

/** Tests of the commands that show experiments in the editor's own diff. */
export const diffTests = {
  'esciLab.diffExperiments': [
    test('shows what the newer run changed', async () => {
      const [older, newer] = await twoRuns('differs');
      await execute('esciLab.diffExperiments', row(newer), [row(newer), row(older)]);
      const { original, modified } = await openDiff();
      assert.equal(original.fsPath, runPaths.experiment(older));
      assert.equal(modified.fsPath, runPaths.experiment(newer));
      assert.deepEqual(tabLabels(), ['differs-a ↔ differs-b (experiments)']);
    }),
  ],

  'esciLab.diffWithLastRun': [
    test('shows what was changed since the newest run', async () => {
      const experimentFile = experiment('tiny').fsPath;
      await exampleRun({ name: 'tiny', experimentFile, ageMs: 7_200_000 });
      const newest = await exampleRun({ name: 'tiny', experimentFile });
      await exampleRun({ name: 'another', experimentFile: experiment('endless').fsPath, ageMs: 60_000 });
      await execute('esciLab.diffWithLastRun', experiment('tiny'));
      const { original, modified } = await openDiff();
      assert.equal(original.fsPath, runPaths.experiment(newest));
      assert.equal(modified.fsPath, experimentFile);
      assert.deepEqual(tabLabels(), ['tiny (last run) ↔ tiny.yml']);
    }),
    test('says that an experiment never ran', async () => {
      await execute('esciLab.diffWithLastRun', experiment('quickstart'));
      await showNotices();
      await ask('notice', 'This experiment has no run yet.');
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

function openDiff(): Promise<TabInputTextDiff> {
  return until('a diff', () => {
    const input = window.tabGroups.activeTabGroup.activeTab?.input;
    return input instanceof TabInputTextDiff && input;
  });
}
