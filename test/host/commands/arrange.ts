import assert from 'node:assert/strict';
import { writeExampleRun } from '../../e2e/example-runs.ts';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, inWorkspace, openLab } from '../fixture.ts';

/** Tests of the commands about which runs are shown, and in what order. */
export const arrangeTests = {
  'esciLab.filterRuns': [
    test('shows only the runs that have the words', async () => {
      await exampleRun({ name: 'filter-apple', annotation: { tags: ['fruit'] } });
      await exampleRun({ name: 'filter-stone' });
      const asked = execute('esciLab.filterRuns');
      await ask('enter', 'Filter Runs', 'filter-st');
      await asked;
      await ask('noRow', 'Runs', 'filter-apple');
      await ask('row', 'Runs', 'filter-stone');
    }),
    test('shows only the runs that have the tag', async () => {
      await exampleRun({ name: 'tagged-pear', annotation: { tags: ['fruit'] } });
      await exampleRun({ name: 'untagged-rock' });
      const asked = execute('esciLab.filterRuns');
      await ask('enter', 'Filter Runs', '#fru');
      await asked;
      await ask('noRow', 'Runs', 'untagged-rock');
      await ask('row', 'Runs', 'tagged-pear');
    }),
  ],

  'esciLab.clearFilter': [
    test('shows all runs again', async () => {
      await exampleRun({ name: 'hidden-by-filter' });
      (await openLab()).order.change({ filter: 'words that no run has' });
      await ask('noRow', 'Runs', 'hidden-by-filter');
      await execute('esciLab.clearFilter');
      await ask('row', 'Runs', 'hidden-by-filter');
    }),
  ],

  'esciLab.arrangeRuns': [
    test('groups the runs by status', async () => {
      await exampleRun({ name: 'grouped-finished' });
      await exampleRun({ name: 'grouped-stopped', status: 'stopped' });
      const asked = execute('esciLab.arrangeRuns');
      await ask('pick', 'Status');
      await asked;
      const rows = await ask('rowsWith', 'Runs', 'Stopped');
      assert.ok(
        rows.some((row) => /^Stopped\s*\d+$/.test(row)),
        `headings among ${rows.join(' | ')}`,
      );
      assert.ok(rows.some((row) => /^Finished\s*\d+$/.test(row)));
    }),
    test('sorts the runs by their result', async () => {
      const lab = await openLab();
      await exampleRun({ name: 'sorted-best', ageMs: 9_000_000, test: [0.5, 0.99] });
      await exampleRun({ name: 'sorted-worst', ageMs: 1_000_000, test: [0.5, 0.51] });
      lab.order.change({ filter: 'sorted-' });
      await ask('firstRow', 'Runs', 'sorted-worst');
      const asked = execute('esciLab.arrangeRuns');
      await ask('pick', 'Best metric first');
      await asked;
      await ask('firstRow', 'Runs', 'sorted-best');
      assert.equal(lab.order.order.sorting, 'metric');
    }),
  ],

  'esciLab.refresh': [
    test('knows a run from outside when it is done', async () => {
      const lab = await openLab();
      const runDir = await writeExampleRun(inWorkspace('runs'), {
        name: 'from-outside',
        status: 'stopped',
        ageMs: 1000,
      });
      await execute('esciLab.refresh');
      assert.ok(lab.runs.get(runDir));
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;
