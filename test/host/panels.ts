import assert from 'node:assert/strict';
import { openEventLog } from '../../src/runs/log/event-log.ts';
import { readAnnotation } from '../../src/runs/annotation.ts';
import { stepEvents } from '../e2e/example-runs.ts';
import { ask } from './ask.ts';
import { row, twoRuns } from './rows.ts';
import { test } from './run-tests.ts';
import type { HostTest } from './run-tests.ts';
import { exampleRun, execute, manifest, tabLabels, until } from './fixture.ts';

/** Tests of the run panel and the compare panel as the editor holds them; test/webview has what is inside. */
export const panelTests: readonly HostTest[] = [
  test('the run panel shows its run, and each run has a panel of its own', async () => {
    await execute('esciLab.openRun', await exampleRun({ name: 'panel-a', test: [0.8162, 0.8571] }));
    await execute('esciLab.openRun', await exampleRun({ name: 'panel-b', test: [0.8162, 0.8333] }));
    await ask('panel', 'panel-b', '0.8333');
    await execute('esciLab.openRun', (await twoRuns('panel-c'))[0]);
    await until('three panels', () => tabLabels().length === 3);
  }),
  test('the panels get the colours that the extension contributes', async () => {
    await execute('esciLab.openRun', await exampleRun({ name: 'coloured' }));
    await ask('panel', 'coloured', 'step 312 / 312');
    const names = manifest().contributes.colors.map(({ id }) => `--vscode-${id.replaceAll('.', '-')}`);
    assert.ok(names.length > 0);
    const values = await ask('panelVariables', 'coloured', names);
    assert.deepEqual(
      names.filter((_, i) => values[i] === ''),
      [],
    );
  }),
  test('the run panel shows what a trainer appends, as it comes', async () => {
    const runDir = await exampleRun({ name: 'goes-on', status: 'running', steps: 116, ageMs: 60_000 });
    await execute('esciLab.openRun', runDir);
    await ask('panel', 'goes-on', 'step 116 / 312');
    const log = openEventLog(runDir);
    for (let step = 117; step <= 123; step++) log.append(...stepEvents(step, Date.now()));
    log.close();
    await ask('panel', 'goes-on', 'step 123 / 312');
  }),
  test('the tab of a run has the title that a person gives it', async () => {
    const runDir = await exampleRun({ name: 'tab-name', annotation: { title: 'as it is called' } });
    await execute('esciLab.openRun', runDir);
    await ask('panel', 'as it is called', 'step 312 / 312');
    assert.deepEqual(tabLabels(), ['as it is called']);
    const asked = execute('esciLab.renameRun', runDir);
    await ask('enter', 'Rename Run', 'another title');
    await asked;
    assert.equal((await readAnnotation(runDir)).title, 'another title');
    await until('the new title', () => tabLabels().join() === 'another title');
  }),
  test('the panel of a run that was deleted says so when it is asked for something', async () => {
    const runDir = await exampleRun({ name: 'about-to-go' });
    await execute('esciLab.openRun', runDir);
    await ask('panel', 'about-to-go', 'Start Again');
    await execute('esciLab.deleteRun', runDir);
    await ask('pressInPanel', 'about-to-go', 'Start Again');
    await ask('panel', 'about-to-go', 'This run is not in the workspace any more.');
  }),
  test('the compare panel shows its runs side by side', async () => {
    const [one, two] = await twoRuns('side');
    await execute('esciLab.compareRuns', row(one), [row(one), row(two)]);
    const words = await ask('panel', 'Compare 2 runs', 'side-b');
    assert.match(words, /side-a/);
    assert.match(words, /0\.8500/);
  }),
];
