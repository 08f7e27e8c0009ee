import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { window } from 'vscode';
import type { MessageOptions } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { purgeTrash, listTrash } from '../../../src/runs/trash.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, inWorkspace, openLab, showNotices, tabLabels, until } from '../fixture.ts';

const runsFolder = () => inWorkspace('runs');
const isInTrash = async (runDir: string) => (await listTrash(runsFolder())).includes(basename(runDir));

/** Tests of the way to the trash and back. */
export const trashTests = {
  'esciLab.deleteRun': [
    test('moves a run to the trash, and Undo brings it back', async () => {
      const lab = await openLab();
      const runDir = await exampleRun({ name: 'deleted-and-back' });
      await execute('esciLab.deleteRun', runDir);
      assert.equal(existsSync(runDir), false);
      assert.equal(await isInTrash(runDir), true);
      assert.equal(lab.runs.get(runDir), undefined);
      await showNotices();
      await ask('notice', 'Moved deleted-and-back to the trash.', 'Undo');
      await until('the run is back', () => lab.runs.get(runDir));
      assert.equal(existsSync(runDir), true);
    }),
    test('deletes the selected rows with the Delete key', async () => {
      const runDir = await exampleRun({ name: 'deleted-by-key' });
      await ask('clickRow', 'Runs', 'deleted-by-key');
      await until('its panel', () => tabLabels().includes('deleted-by-key'));
      await ask('pressIn', 'Runs', 'Delete');
      await until('it is in the trash', () => isInTrash(runDir));
    }),
    test('refuses while the run is going on', async () => {
      const runDir = await exampleRun({ name: 'deleted-too-early', status: 'running' });
      const refused = execute('esciLab.deleteRun', runDir);
      await showNotices();
      await ask('notice', 'This run is still going on.');
      await refused;
      assert.equal(existsSync(runDir), true);
    }),
  ],

  'esciLab.emptyTrash': [
    test('asks, and leaves everything when that is given up', async () => {
      await purgeTrash(runsFolder());
      const runDir = await exampleRun({ name: 'kept-in-trash' });
      await execute('esciLab.deleteRun', runDir);
      const question = await answering(undefined, () => execute('esciLab.emptyTrash'));
      assert.equal(question, 'Delete one run in the trash for good?');
      assert.equal(await isInTrash(runDir), true);
    }),
    test('deletes for good when the answer is yes', async () => {
      await purgeTrash(runsFolder());
      for (const name of ['gone-a', 'gone-b']) await execute('esciLab.deleteRun', await exampleRun({ name }));
      const question = await answering('Delete', () => execute('esciLab.emptyTrash'));
      assert.equal(question, 'Delete 2 runs in the trash for good?');
      assert.deepEqual(await listTrash(runsFolder()), []);
    }),
    test('says that the trash is empty', async () => {
      await purgeTrash(runsFolder());
      await execute('esciLab.emptyTrash');
      await showNotices();
      await ask('notice', 'The trash is empty.');
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

/**
 * Answers the modal question that `work` asks, and gives the question. Under a test driver the editor refuses to open modal
 * dialogs, so this one part of it is stood in for.
 */
async function answering(button: string | undefined, work: () => Promise<void>): Promise<string | undefined> {
  const { showWarningMessage } = window;
  let question: string | undefined;
  const answer = (text: string, { modal }: MessageOptions, ...buttons: readonly string[]) => {
    assert.equal(modal, true);
    assert.ok(button === undefined || buttons.includes(button));
    question = text;
    return Promise.resolve(button);
  };
  Object.assign(window, { showWarningMessage: answer });
  try {
    await work();
  } finally {
    Object.assign(window, { showWarningMessage });
  }
  return question;
}
