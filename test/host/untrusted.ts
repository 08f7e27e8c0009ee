import assert from 'node:assert/strict';
import { commands, workspace } from 'vscode';
import { COMMANDS } from '../../src/host/commands/table.ts';
import type { CommandId, CommandSpec } from '../../src/host/commands/table.ts';
import { ask } from './ask.ts';
import { test } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { ended, runOf, runsOf } from './trained-runs.ts';
import { exampleRun, execute, experiment, inWorkspace, openLab, showNotices, until } from './fixture.ts';

/** Commands that start or end a process, or delete a folder. */
const REFUSED_IDS = (Object.keys(COMMANDS) as CommandId[]).filter(
  (id) => (COMMANDS[id] as CommandSpec).needsTrust === true,
);
const REFUSED = 'ESCI Lab starts, stops and deletes nothing in a workspace that is not trusted';
/** Of them, those that are about an experiment. */
const ABOUT_EXPERIMENT: readonly string[] = [
  'esciLab.startExperiment',
  'esciLab.dryRun',
  'esciLab.evaluateModel',
] satisfies CommandId[];

/** Tests in a workspace that is not trusted, until the last one trusts it. */
export const untrustedTests: readonly HostTest[] = [
  test('the view of the runs says that nothing is started, and offers to trust', async () => {
    assert.equal(workspace.isTrusted, false);
    const words = await ask('welcome', 'Runs', 'Nothing is started in a workspace that is not trusted');
    assert.match(words, /Manage Workspace Trust/);
    assert.doesNotMatch(words, /Start Experiment/);
  }),
  ...REFUSED_IDS.map((id) =>
    test(`${id.replace('esciLab.', '')} does nothing, and says why`, async () => {
      const stopped = await exampleRun({
        name: 'stopped',
        status: 'stopped',
        experimentFile: experiment('tiny').fsPath,
      });
      const before = await runsOf();
      const refused = execute(id, ABOUT_EXPERIMENT.includes(id) ? experiment('tiny') : stopped);
      await showNotices();
      await ask('notice', REFUSED);
      await refused;
      assert.deepEqual(await runsOf(), before);
      assert.equal((await openLab()).trainers.placeOf(stopped), undefined);
    }),
  ),
  test('runs can be read, and their panel starts nothing either', async () => {
    const runDir = await exampleRun({ name: 'readable', status: 'stopped', test: [0.8162, 0.857] });
    await ask('row', 'Runs', 'readable');
    await execute('esciLab.openRun', runDir);
    await ask('panel', 'readable', '0.8570');
    await ask('pressInPanel', 'readable', 'Start Again');
    await showNotices();
    await ask('notice', REFUSED);
    assert.deepEqual(await runsOf(), [runDir]);
  }),
  test('the folder’s own settings of programs and places are not followed', async () => {
    const settings = workspace.getConfiguration('esciLab', workspace.workspaceFolders![0]);
    assert.equal(settings.get('runsFolder'), 'runs');
    await exampleRun({ name: 'in-runs' });
    await ask('row', 'Runs', 'in-runs');
  }),
  test('starts once the workspace is trusted, without another load, and follows its settings then', async () => {
    await commands.executeCommand('workbench.trust.manage');
    await ask('trust');
    await until('trust', () => workspace.isTrusted);
    const lab = await openLab();
    const runDir = await runOf(() => execute('esciLab.startExperiment', experiment('tiny')), inWorkspace('elsewhere'));
    assert.equal((await ended(runDir)).status, 'finished');
    await lab.runs.refresh();
    assert.ok(lab.runs.get(runDir));
  }),
];
