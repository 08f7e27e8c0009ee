import assert from 'node:assert/strict';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { readAnnotation } from '../../../src/runs/annotation.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, openLab } from '../fixture.ts';

/** Tests of the commands about what a person says about runs. */
export const annotateTests = {
  'esciLab.setBaseline': [
    test('makes a run the only baseline, and its row says so', async () => {
      const first = await exampleRun({ name: 'first-baseline', test: [0.8, 0.82] });
      const second = await exampleRun({ name: 'second-baseline', test: [0.8, 0.84] });
      await execute('esciLab.setBaseline', first);
      await execute('esciLab.setBaseline', second);
      assert.equal((await readAnnotation(first)).isBaseline, false);
      assert.equal((await readAnnotation(second)).isBaseline, true);
      assert.equal((await openLab()).runs.baseline?.run.runDir, second);
      assert.match(await ask('row', 'Runs', 'second-baseline', 'baseline'), /0\.8400\s+baseline/);
      // Deltas refer to it from now on.
      assert.match(await ask('row', 'Runs', 'first-baseline', '▼'), /▼ −0\.0200/);
    }),
  ],

  'esciLab.clearBaseline': [
    test('leaves no baseline; deltas refer to the pretrained model again', async () => {
      const runDir = await exampleRun({ name: 'was-baseline', test: [0.8, 0.83], annotation: { isBaseline: true } });
      await execute('esciLab.clearBaseline');
      assert.equal((await readAnnotation(runDir)).isBaseline, false);
      assert.equal((await openLab()).runs.baseline, undefined);
      assert.match(await ask('row', 'Runs', 'was-baseline', '▲'), /▲ \+0\.0300/);
    }),
  ],

  'esciLab.renameRun': [
    test('shows the new title instead of the experiment’s name', async () => {
      const runDir = await exampleRun({ name: 'to-rename' });
      const asked = execute('esciLab.renameRun', runDir);
      await ask('enter', 'Rename Run', 'a much better name');
      await asked;
      assert.equal((await readAnnotation(runDir)).title, 'a much better name');
      await ask('row', 'Runs', 'a much better name');
    }),
    test('shows the experiment’s name again when the title is emptied', async () => {
      const runDir = await exampleRun({ name: 'renamed-back', annotation: { title: 'for a while' } });
      const asked = execute('esciLab.renameRun', runDir);
      await ask('enter', 'Rename Run', '');
      await asked;
      assert.equal((await readAnnotation(runDir)).title, undefined);
      await ask('row', 'Runs', 'renamed-back');
    }),
    test('changes nothing when it is given up', async () => {
      const runDir = await exampleRun({ name: 'not-renamed', annotation: { title: 'as it was' } });
      const asked = execute('esciLab.renameRun', runDir);
      await ask('giveUp', 'Rename Run');
      await asked;
      assert.equal((await readAnnotation(runDir)).title, 'as it was');
    }),
  ],

  'esciLab.annotateRun': [
    test('keeps tags, each once and without #, and the note', async () => {
      const runDir = await exampleRun({ name: 'annotated' });
      const asked = execute('esciLab.annotateRun', runDir);
      await ask('enter', 'Tags of annotated', '#paper, keep keep');
      await ask('enter', 'Note', 'Settings of the paper.');
      await asked;
      const { tags, note } = await readAnnotation(runDir);
      assert.deepEqual(tags, ['paper', 'keep']);
      assert.equal(note, 'Settings of the paper.');
    }),
    test('describes all selected runs at once', async () => {
      const one = await exampleRun({ name: 'many-a' });
      const two = await exampleRun({ name: 'many-b' });
      const asked = execute('esciLab.annotateRun', { runDir: one }, [{ runDir: one }, { runDir: two }]);
      await ask('enter', 'Tags of 2 runs', 'together');
      await ask('enter', 'Note', '');
      await asked;
      for (const runDir of [one, two]) assert.deepEqual((await readAnnotation(runDir)).tags, ['together']);
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;
