import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { window } from 'vscode';
import { runPaths } from '../../../src/runs/layout.ts';
import type { ShownStatus } from '../../../src/vocabulary/status.ts';
import { writeExampleRun } from '../../e2e/example-runs.ts';
import type { ExampleRun } from '../../e2e/example-runs.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, inWorkspace, openLab, showNotices, tabLabels, until } from '../fixture.ts';

/** A status as a trainer leaves it, what its row says and to a screen reader, and what its menu offers beyond what all runs have. */
interface Row {
  readonly run: Partial<ExampleRun>;
  readonly shows: RegExp;
  readonly spoken: RegExp;
  readonly offers: readonly string[];
}

const PROBLEM = { code: 'loss-not-finite', message: 'loss not finite at step 41: found NaN', where: 'step 41' };

/** What can be done with a run that has ended, whatever its end. */
const ENDED = ['Delete', 'Start Again'];

/** Every status but `stale`, which takes a process that is silent for a quarter of a minute: test/unit/runs has that. */
const STATUSES = {
  queued: { run: { status: 'queued', ageMs: 1000 }, shows: /starting$/, spoken: /^queued: /, offers: ['Start Again'] },
  running: {
    run: { status: 'running', steps: 116 },
    shows: /37 %\s+dev 0\.8602\s+[\d.hms ]+ left/,
    spoken: /^running: /,
    offers: ['Start Again', 'Stop'],
  },
  finished: {
    run: { status: 'finished', test: [0.8162, 0.857] },
    shows: /0\.8570\s+▲ \+0\.0408\s+synthetic/,
    spoken: /^finished: /,
    offers: ENDED,
  },
  stopped: {
    run: { status: 'stopped', steps: 180 },
    shows: /stopped at step 180/,
    spoken: /^stopped: /,
    offers: [...ENDED, 'Resume'],
  },
  failed: {
    run: { status: 'failed', steps: 41, problem: PROBLEM },
    shows: /loss not finite at step 41$/,
    spoken: /^failed: .*loss not finite/,
    offers: [...ENDED, 'Resume'],
  },
  crashed: {
    run: { status: 'running', isCrashed: true, steps: 64 },
    shows: /ended without a word\s+at step 64/,
    spoken: /^crashed: /,
    offers: [...ENDED, 'Resume'],
  },
} as const satisfies Record<Exclude<ShownStatus, 'stale'>, Row>;

/** What the menu of every run offers. */
const ALWAYS = [
  ...['Compare Runs', 'Copy CLI Command', 'Diff Experiments', 'Edit Tags and Note…', 'Export…'],
  ...['Open Run', 'Rename…', 'Report a Problem…', 'Reveal Folder', 'Set as Baseline', 'Show Log'],
];

const statusTests = Object.entries<Row>(STATUSES).map(([status, { run, shows, spoken, offers }]) =>
  test(`shows a ${status} run, and offers only what can be done with it`, async () => {
    await exampleRun({ name: `is-${status}`, ageMs: 60_000, ...run });
    await until(`${status} in its row`, async () => shows.test(await ask('row', 'Runs', `is-${status}`)));
    assert.match(await ask('spoken', 'Runs', `is-${status}`), spoken);
    const menu = await ask('menu', 'Runs', `is-${status}`);
    assert.deepEqual([...menu].sort(), [...ALWAYS, ...offers].sort());
  }),
);

/** Tests of the view of the runs. */
export const runsViewTests: HostTests = [
  test('says what a run is while there is none, and offers to start one', async () => {
    assert.match(await ask('welcome', 'Runs', 'No run yet'), /one execution of an experiment[^]*Start Experiment/);
    await ask('pressWelcome', 'Runs', 'Start Experiment');
    assert.ok((await ask('choices')).some((choice) => choice.includes('quickstart')));
    await ask('giveUp', 'quickstart');
  }),
  ...statusTests,
  test('shows by itself a run that a terminal has started, and forgets one that was removed', async () => {
    const lab = await openLab();
    const runDir = await writeExampleRun(inWorkspace('runs'), { name: 'terminal', status: 'stopped', ageMs: 1000 });
    await ask('row', 'Runs', 'terminal', 'stopped');
    await rm(runDir, { recursive: true });
    await ask('noRow', 'Runs', 'terminal');
    assert.equal(lab.runs.get(runDir), undefined);
  }),
  test('opens a run to its metrics on test, with their change, and its checkpoints', async () => {
    await exampleRun({ name: 'with-details', test: [0.8162, 0.857] });
    await ask('unfold', 'Runs', 'with-details');
    assert.match(await ask('row', 'Runs', 'ESCI nDCG'), /0\.8162 → 0\.8570\s+▲ \+0\.0408/);
    assert.match(await ask('row', 'Runs', 'step 300'), /best\s+\d+ MB/);
    assert.deepEqual(tabLabels(), []);
  }),
  test('opens a run that is at work to its latest values on dev', async () => {
    await exampleRun({ name: 'dev-details', status: 'running', steps: 45, ageMs: 60_000 });
    await ask('unfold', 'Runs', 'dev-details');
    assert.match(await ask('row', 'Runs', 'ESCI nDCG', 'dev'), /0\.\d{4}\s+dev, step 40/);
  }),
  test('has the test table, and what a person said, in the tooltip of a run', async () => {
    const note = 'Worth another look.';
    await exampleRun({ name: 'with-tooltip', test: [0.8162, 0.857], annotation: { note, tags: ['keep'] } });
    const words = await ask('tooltip', 'Runs', 'with-tooltip');
    assert.match(words, /pretrained[^]*0\.8162[^]*fine-tuned[^]*0\.8570/);
    assert.match(words, /▲ \+0\.0408 against its pretrained model/);
    assert.match(words, /keep[^]*Worth another look\./);
  }),
  test('opens the panel of a run that is clicked, and keeps the keyboard', async () => {
    await exampleRun({ name: 'clicked' });
    await ask('clickRow', 'Runs', 'clicked');
    await until('its panel', () => tabLabels().includes('clicked'));
    await ask('pressIn', 'Runs', 'F2');
    await ask('giveUp', 'Rename Run');
  }),
  test('has buttons on a row for what is done most', async () => {
    await exampleRun({ name: 'button-a' });
    await exampleRun({ name: 'button-b' });
    await ask('pressRowAction', 'Runs', 'button-a', 'Compare Runs');
    await ask('pick', 'button-b');
    await until('the comparison', () => tabLabels().includes('Compare 2 runs'));
  }),
  test('counts the runs at work on its icon', async () => {
    await exampleRun({ name: 'at-work-a', status: 'running', ageMs: 60_000, steps: 30 });
    await exampleRun({ name: 'at-work-b', status: 'running', ageMs: 60_000, steps: 30 });
    await ask('badge', '2');
  }),
  test('says that no run matches the filter, and clears it', async () => {
    await exampleRun({ name: 'filtered-away' });
    (await openLab()).order.change({ filter: 'nothing-like-it' });
    await ask('besideTitle', 'Runs', 'nothing-like-it');
    await ask('welcome', 'Runs', 'No run matches the filter');
    await ask('pressWelcome', 'Runs', 'Clear Filter');
    await ask('row', 'Runs', 'filtered-away');
  }),
  test('shows a run folder that cannot be read, with the reason, and lets it be deleted', async () => {
    const runDir = await exampleRun({ name: 'unreadable' });
    await writeFile(runPaths.record(runDir), '{ torn');
    await (await openLab()).runs.refresh();
    assert.match(await ask('spoken', 'Runs', 'unreadable'), /^cannot be read: /);
    assert.match(await ask('row', 'Runs', 'unreadable'), /^unreadable\s*This is not a whole run\.json$/);
    assert.deepEqual([...(await ask('menu', 'Runs', 'unreadable'))].sort(), [
      'Delete',
      'Report a Problem…',
      'Reveal Folder',
    ]);
    await showNotices();
    await ask('clickRow', 'Runs', 'unreadable');
    await ask('notice', 'cannot be read: This is not a whole run.json', 'Report…');
    await until('the report', () => window.activeTextEditor?.document.getText().includes('"unreadable": "not JSON"'));
  }),
];
