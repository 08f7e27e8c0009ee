import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationTarget, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, experiment, inWorkspace, openLab, until } from '../fixture.ts';

const TEXT = 'model: { name: org/one-model }\ndata: { uri: org/some-data }\n';

/** Tests of the view of the experiments. */
export const experimentsViewTests: HostTests = [
  test('shows the experiments of the workspace with their model, by path', async () => {
    const rows = await ask('rowsWith', 'Experiments', 'quickstart');
    const names = rows.map((row) => /^[\w-]+?(?=ms-|all-|model$)/.exec(row)?.[0] ?? row);
    assert.deepEqual([...names].sort(), names);
    assert.match(await ask('row', 'Experiments', 'quickstart'), /^quickstart\s*all-MiniLM-L6-v2$/);
  }),
  test('shows the latest result of an experiment, then what its running trainer does', async () => {
    const experimentFile = experiment('tiny').fsPath;
    await exampleRun({ name: 'tiny', experimentFile, test: [0.81, 0.8456] });
    assert.match(await ask('row', 'Experiments', 'tiny', '0.8456'), /0\.8456\s+\d+ min ago/);
    await exampleRun({ name: 'tiny', experimentFile, status: 'running', steps: 116, ageMs: 60_000 });
    await ask('row', 'Experiments', 'tiny', '37 %');
  }),
  test('shows a new file that is an experiment, and no other YAML', async () => {
    const files = [experiment('appears'), experiment('other')];
    await writeFile(files[1]!.fsPath, 'name: a workflow\n');
    await writeFile(files[0]!.fsPath, TEXT);
    await ask('row', 'Experiments', 'appears', 'one-model');
    await ask('noRow', 'Experiments', 'other');
    await Promise.all(files.map(({ fsPath }) => rm(fsPath)));
    await ask('noRow', 'Experiments', 'appears');
  }),
  test('follows when their whole folder is moved or deleted, in a terminal and by the editor', async () => {
    const folder = (name: string) => inWorkspace(`configs/${name}`);
    const shows = (name: string) => ask('row', 'Experiments', name);
    await mkdir(folder('old'));
    await writeFile(join(folder('old'), 'moved.yml'), TEXT);
    await shows('moved');
    const listed = async (part: string) =>
      (await lab.experiments.list()).some(({ uri }) => uri.fsPath.includes(part)) || undefined;
    const lab = await openLab();
    await rename(folder('old'), folder('new'));
    await until('the new folder', async () => (await listed('new/')) && !(await listed('old/')));
    await rename(folder('new'), inWorkspace('away'));
    await until('none of it', async () => !(await listed('moved')));
    await ask('noRow', 'Experiments', 'moved');
    await workspace.fs.rename(Uri.file(inWorkspace('away')), Uri.file(folder('back')));
    await until('the folder back', () => listed('back/'));
    await shows('moved');
    const byEditor = new WorkspaceEdit();
    byEditor.renameFile(Uri.file(folder('back')), Uri.file(folder('again')));
    await workspace.applyEdit(byEditor);
    await until('the folder renamed by the editor', async () => (await listed('again/')) && !(await listed('back/')));
    await rm(folder('again'), { recursive: true });
    await until('no folder', async () => !(await listed('moved')));
    await ask('noRow', 'Experiments', 'moved');
  }),
  test('opens the file of an experiment that is clicked', async () => {
    await ask('clickRow', 'Experiments', 'quickstart');
    await until('its file', () => window.activeTextEditor?.document.uri.fsPath === experiment('quickstart').fsPath);
  }),
  test('offers what can be done with an experiment, a diff only once it ran', async () => {
    const before = await ask('menu', 'Experiments', 'quickstart');
    assert.deepEqual(before, ['Start Experiment…', 'Dry Run…', 'Evaluate Model…', 'Copy CLI Command', 'Open as Form']);
    await exampleRun({ name: 'quickstart', experimentFile: experiment('quickstart').fsPath, test: [0.8, 0.81] });
    await ask('row', 'Experiments', 'quickstart', '0.8100');
    const after = await ask('menu', 'Experiments', 'quickstart');
    assert.ok(after.includes('Diff with Last Run'), after.join(', '));
  }),
  test('says what an experiment is while there is none, and offers to make one', async () => {
    const settings = workspace.getConfiguration('esciLab');
    await settings.update('experimentFiles', ['nowhere/*.yml'], ConfigurationTarget.Workspace);
    try {
      await ask('welcome', 'Experiments', 'An experiment is a YAML file');
      await ask('pressWelcome', 'Experiments', 'New Experiment');
      await ask('giveUp', 'quickstart');
    } finally {
      await settings.update('experimentFiles', undefined, ConfigurationTarget.Workspace);
    }
    await ask('row', 'Experiments', 'quickstart');
  }),
];
