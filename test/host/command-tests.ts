/** The tests of every command. A command without one does not compile; the first test compares with the running editor. */
import assert from 'node:assert/strict';
import { commands } from 'vscode';
import { COMMANDS } from '../../src/host/commands/table.ts';
import { OPEN_CLICKED } from '../../src/host/views/runs-tree.ts';
import type { CommandId } from '../../src/host/commands/table.ts';
import { annotateTests } from './commands/annotate.ts';
import { arrangeTests } from './commands/arrange.ts';
import { diffTests } from './commands/diff.ts';
import { exportTests } from './commands/export-run.ts';
import { showTests } from './commands/show.ts';
import { newExperimentTests } from './commands/new-experiment.ts';
import { openAsTests } from './commands/open-as.ts';
import { reportProblemTests } from './commands/report-problem.ts';
import { startTests } from './commands/start.ts';
import { trashTests } from './commands/trash.ts';
import { test } from './run-tests.ts';
import type { HostTest, HostTests } from './run-tests.ts';
import { manifest, openLab } from './fixture.ts';

const TESTS = {
  ...showTests,
  ...diffTests,
  ...annotateTests,
  ...trashTests,
  ...arrangeTests,
  ...newExperimentTests,
  ...openAsTests,
  ...exportTests,
  ...reportProblemTests,
  ...startTests,
} satisfies Record<CommandId, HostTests>;

/** All of them, each named by its command. */
export function commandTests(): readonly HostTest[] {
  const named = Object.entries<HostTests>(TESTS).flatMap(([id, tests]) =>
    tests.map(({ name, run }) => test(`${id.replace('esciLab.', '')} ${name}`, run)),
  );
  return [test('every command is contributed, registered and tested', sameCommands), ...named];
}

async function sameCommands(): Promise<void> {
  await openLab();
  const { contributes } = manifest();
  const contributed = contributes.commands.map(({ command }) => command).sort();
  assert.deepEqual(Object.keys(COMMANDS).sort(), contributed);
  assert.deepEqual(Object.keys(TESTS).sort(), contributed);
  const registered = await commands.getCommands(true);
  // The editor itself makes some of each view, such as `esciLab.runs.focus`.
  const ofViews = Object.values(contributes.views).flatMap((views) => views.map(({ id }) => `${id}.`));
  const ours = registered.filter((id) => id.startsWith('esciLab.') && !ofViews.some((view) => id.startsWith(view)));
  // A click on a row is no command that a person calls; the tests of the runs view click.
  assert.deepEqual(ours.sort(), [...contributed, OPEN_CLICKED].sort());
}
