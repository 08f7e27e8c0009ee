import assert from 'node:assert/strict';
import { COMMANDS } from '../../src/host/commands/table.ts';
import type { CommandSpec } from '../../src/host/commands/table.ts';
import { ask } from './ask.ts';
import { test } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { exampleRun, experiment, openLab, tabLabels, until } from './fixture.ts';

/** Tests of what stands around the views: the palette, which follows the context keys, and the status bar. */
export const workbenchTests: readonly HostTest[] = [
  test('the palette offers without a run what needs none', async () => {
    await ask('welcome', 'Runs', 'No run yet');
    await offers('workspaceFolderCount > 0');
  }),
  test('the palette offers with an ended run what can be done with runs', async () => {
    await exampleRun({ name: 'ended' });
    await ask('row', 'Runs', 'ended');
    await offers('workspaceFolderCount > 0', 'esciLab.hasRuns');
  }),
  test('the palette offers while a run is at work to stop it, and with a filter to clear that', async () => {
    await exampleRun({ name: 'at-work', status: 'running', ageMs: 60_000 });
    (await openLab()).order.change({ filter: 'work' });
    await ask('row', 'Runs', 'at-work');
    await offers('workspaceFolderCount > 0', 'esciLab.hasRuns', 'esciLab.hasActiveRuns', 'esciLab.hasFilter');
  }),
  test('the status bar shows the run at work, its progress and how many more there are, and opens its panel', async () => {
    const experimentFile = experiment('tiny').fsPath;
    await exampleRun({ name: 'second', status: 'running', steps: 30, ageMs: 120_000, experimentFile });
    await exampleRun({ name: 'first', status: 'running', steps: 116, ageMs: 60_000, experimentFile });
    assert.match(await ask('statusItem', '37 %'), /first\s+37 %\s+dev 0\.8602\s+[\d.hms ]+ left\s+\+1/);
    await ask('clickStatusItem', '+1');
    await until('its panel', () => tabLabels().includes('first'));
  }),
  test('the status bar shows nothing while nothing is at work', async () => {
    await exampleRun({ name: 'all-done' });
    await ask('row', 'Runs', 'all-done');
    await ask('noStatusItem', 'all-done');
  }),
];

/** Compares what the palette offers with what the table of commands says for these conditions. */
export async function offers(...conditions: readonly string[]): Promise<void> {
  const expected = Object.values<CommandSpec>(COMMANDS)
    .filter(({ palette }) => palette === undefined || conditions.includes(palette))
    .map(({ title }) => title);
  const all = new Set(Object.values<CommandSpec>(COMMANDS).map(({ title }) => title));
  // The editor adds commands of its own for each view.
  const offered = (await ask('offered', 'ESCI Lab')).filter((title) => all.has(title));
  assert.deepEqual(offered.sort(), expected.sort());
}
