import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { COMMANDS } from '../../src/host/commands/table.ts';
import type { CommandId } from '../../src/host/commands/table.ts';
import { ask } from './ask.ts';
import { test } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { offers } from './workbench.ts';
import { execute, openLab, showNotices, until } from './fixture.ts';

/** Tests in a window without a folder. */
export const noFolderTests: readonly HostTest[] = [
  test('both views say that a folder is needed, and offer to open one', async () => {
    await openLab();
    assert.match(await ask('welcome', 'Runs', 'live in a folder'), /Open Folder/);
    assert.match(await ask('welcome', 'Experiments', 'live in a folder'), /Open Folder/);
    assert.deepEqual(await ask('welcomeButtons', 'Experiments'), ['Open Folder']);
  }),
  test('the palette offers nothing that cannot be done', async () => {
    await offers();
  }),
  ...(Object.keys(COMMANDS) as CommandId[]).map((id) =>
    test(`${id.replace('esciLab.', '')} ends without an unexpected error`, async () => {
      const said = await wordsOf(id);
      assert.deepEqual(
        said.filter((words) => /unexpected error|undefined/.test(words)),
        [],
      );
    }),
  ),
];

/** What a command says when a person answers none of its questions. */
async function wordsOf(id: CommandId): Promise<readonly string[]> {
  const said = new Set<string>();
  let isDone = false;
  const done = execute(id).finally(() => (isDone = true));
  await until(`the end of ${id}`, async () => {
    await showNotices();
    for (const words of await ask('notices')) said.add(words);
    await commands.executeCommand('workbench.action.closeQuickOpen');
    await commands.executeCommand('notifications.clearAll');
    return isDone;
  });
  await done;
  return [...said];
}
