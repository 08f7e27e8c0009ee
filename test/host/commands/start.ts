import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { commands, languages, window, workspace } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { presentSteps } from '../../../src/runs/checkpoints.ts';
import { isRunning } from '../../../src/files/process-identity.ts';
import { readRecord } from '../../../src/runs/record.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { takeRunLock } from '../../../src/runs/run-lock.ts';
import { undoEnd } from '../../trainer/undo-end.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { afterSteps, ended, eventsOf, runOf, runsOf } from '../trained-runs.ts';
import { exampleRun, execute, experiment, openLab, showNotices, tabLabels, until } from '../fixture.ts';

/** Tests of the commands that start, stop and go on with runs, each with real trainers. */
export const startTests = {
  'esciLab.startExperiment': [
    test('trains, evaluates and keeps the model, in a run whose panel is open', async () => {
      const runDir = await runOf(() => execute('esciLab.startExperiment', experiment('tiny')));
      await until('its panel', () => tabLabels().includes('tiny'));
      const record = await ended(runDir);
      assert.equal(record.status, 'finished', JSON.stringify(record.problem));
      assert.equal(record.experimentFile, experiment('tiny').fsPath);
      assert.deepEqual(Object.keys(record.test ?? {}).sort(), ['bm25', 'fine-tuned', 'ideal', 'pretrained', 'random']);
      assert.ok(existsSync(`${runPaths.model(runDir)}/model.safetensors`));
      assert.equal(
        await readFile(runPaths.experiment(runDir), 'utf8'),
        await readFile(experiment('tiny').fsPath, 'utf8'),
      );
      await showNotices();
      await ask('notice', 'tiny finished: ESCI nDCG');
    }),
    test('compares with the run that the experiment names, and says so at its end', async () => {
      await execute('esciLab.clearBaseline');
      const base = await runOf(() => execute('esciLab.startExperiment', experiment('tiny')));
      const theirs = (await ended(base)).test?.['fine-tuned'];
      const text = await readFile(experiment('tiny').fsPath, 'utf8');
      const compared = text.replace('num_epochs: 1', 'num_epochs: 2');
      const uri = experiment('compared');
      await workspace.fs.writeFile(uri, Buffer.from(`${compared}evaluation: { baseline: ${basename(base)} }\n`));
      const record = await ended(await runOf(() => execute('esciLab.startExperiment', uri)));
      assert.equal(record.status, 'finished', JSON.stringify(record.problem));
      assert.ok(theirs);
      assert.deepEqual(record.test?.['baseline'], theirs);
      await showNotices();
      await ask('notice', 'against its baseline tiny');
    }),
    test('starts nothing whose baseline is no tested run, unless that is at work and this one waits', async () => {
      await exampleRun({ name: 'good-baseline', test: [0.8, 0.83] });
      const text = await readFile(experiment('tiny').fsPath, 'utf8');
      const withBaseline = async (name: string, baseline: string) => {
        await workspace.fs.writeFile(experiment(name), Buffer.from(`${text}evaluation: { baseline: ${baseline} }\n`));
        return experiment(name);
      };
      const misnamed = await withBaseline('misnamed', 'good-baselin');
      const before = await runsOf();
      const refused = execute('esciLab.startExperiment', misnamed);
      await showNotices();
      await ask('notice', 'Not started. Found no run "good-baselin" among the 1 of this folder');
      await refused;
      assert.deepEqual(await runsOf(), before);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, misnamed.fsPath);
      const atWork = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      const after = await withBaseline('after-baseline', basename(atWork));
      const waiting = await runOf(() => execute('esciLab.startExperiment', after));
      assert.equal((await openLab()).trainers.placeOf(waiting), 1);
    }),
    test('offers the workspace’s experiments when it was called on none, that of the editor first', async () => {
      await window.showTextDocument(experiment('tiny'));
      const asked = execute('esciLab.startExperiment');
      const choices = await ask('choices');
      assert.match(choices[0]!, /tiny/);
      assert.ok(choices.some((choice) => choice.includes('quickstart')));
      await ask('giveUp', 'quickstart');
      await asked;
    }),
    test('saves what the editor shows before it runs that', async () => {
      const uri = experiment('tiny');
      const before = await readFile(uri.fsPath, 'utf8');
      const editor = await window.showTextDocument(uri);
      await editor.edit((edit) => edit.insert(editor.document.positionAt(0), '# edited\n'));
      const runDir = await runOf(() => execute('esciLab.startExperiment', uri));
      assert.match(await readFile(runPaths.experiment(runDir), 'utf8'), /^# edited\n/);
      await execute('esciLab.stopRun', runDir);
      await ended(runDir);
      await workspace.fs.writeFile(uri, Buffer.from(before));
    }),
    test('starts nothing that has errors, and shows them', async () => {
      const uri = experiment('broken');
      await workspace.fs.writeFile(
        uri,
        Buffer.from('model: { name: tiny/model }\ndata: { uri: tiny/data }\ndevice: toaster\n'),
      );
      const before = await runsOf();
      const refused = execute('esciLab.startExperiment', uri);
      await showNotices();
      await ask('notice', 'Not started:');
      await refused;
      assert.deepEqual(await runsOf(), before);
      assert.equal(window.activeTextEditor?.document.uri.fsPath, uri.fsPath);
      await until('the problem', () =>
        languages.getDiagnostics(uri).some(({ message }) => message.includes('toaster')),
      );
      await commands.executeCommand('workbench.action.closePanel');
      await workspace.fs.delete(uri);
    }),
  ],

  'esciLab.dryRun': [
    test('says what would run and what it would take, writes no run, and starts one from there', async () => {
      const before = await runsOf();
      const asked = execute('esciLab.dryRun', experiment('endless'));
      await until('the report', () => tabLabels().some((label) => label.includes('Dry run of endless')));
      assert.deepEqual(await runsOf(), before);
      const runDir = await runOf(async () => {
        await showNotices();
        await ask('notice', 'endless would take about', 'Start');
        await asked;
      });
      await execute('esciLab.stopRun', runDir);
      assert.equal((await ended(runDir)).name, 'endless');
    }),
  ],

  'esciLab.evaluateModel': [
    test('evaluates the model as it is on the test split', async () => {
      const runDir = await runOf(() => execute('esciLab.evaluateModel', experiment('tiny')));
      const record = await ended(runDir);
      assert.equal(record.status, 'finished', JSON.stringify(record.problem));
      assert.equal(record.job, 'evaluate');
      assert.ok(record.test?.['pretrained'] !== undefined);
      assert.equal(record.test['fine-tuned'], undefined);
    }),
  ],

  'esciLab.stopRun': [
    test('has the trainer write a checkpoint and end', async () => {
      const runDir = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      await afterSteps(runDir, 1);
      await execute('esciLab.stopRun', runDir);
      const record = await ended(runDir);
      assert.equal(record.status, 'stopped', JSON.stringify(record.problem));
      assert.ok(existsSync(runPaths.checkpoint(runDir, record.lastStep ?? 0)), 'a checkpoint of the last step');
    }),
    test('says that a run is not going on', async () => {
      await execute('esciLab.stopRun', await exampleRun({ name: 'long-over' }));
      await showNotices();
      await ask('notice', 'There is no run for which this can be done.');
    }),
    test('takes a waiting run out of the queue', async () => {
      const lab = await openLab();
      const first = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      const second = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      assert.equal(lab.trainers.placeOf(second), 1);
      await execute('esciLab.stopRun', second);
      assert.equal(lab.trainers.placeOf(second), undefined);
      assert.equal((await readRecord(second)).status, 'stopped');
      await execute('esciLab.stopRun', first);
      await ended(first);
      assert.deepEqual(await eventsOf(second), []);
    }),
  ],

  'esciLab.resumeRun': [
    test('goes on where the run was stopped', async () => {
      const runDir = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      await afterSteps(runDir, 1);
      await execute('esciLab.stopRun', runDir);
      const { lastStep = 0 } = await ended(runDir);
      await execute('esciLab.resumeRun', runDir);
      await afterSteps(runDir, lastStep + 1);
      const resumed = (await eventsOf(runDir)).filter((event) => event.type === 'resumed');
      assert.deepEqual(
        resumed.map(({ fromStep }) => fromStep),
        [lastStep],
      );
      await execute('esciLab.stopRun', runDir);
      assert.ok(((await ended(runDir)).lastStep ?? 0) > lastStep);
    }),
    test('asks which checkpoint stands in for the best one where that is lost, and finishes with that', async () => {
      const uri = experiment('early-best');
      const text = await readFile(experiment('tiny').fsPath, 'utf8');
      const options = { learning_rate: '2.0e-2', num_epochs: 20, eval_steps: 3, metric_for_best_model: 'esci_ndcg' };
      const changed = Object.entries(options).reduce(
        (before, [key, value]) => `${before.replace(new RegExp(`^ +${key}:.*\\n`, 'm'), '')}  ${key}: ${value}\n`,
        text,
      );
      await workspace.fs.writeFile(uri, Buffer.from(changed));
      const runDir = await runOf(() => execute('esciLab.startExperiment', uri));
      const { best, status, problem } = await ended(runDir);
      assert.equal(status, 'finished', JSON.stringify(problem));
      const last = presentSteps(runDir).at(-1)!;
      assert.ok(best !== undefined && best.step < last);
      await trainerGone(runDir);
      await undoEnd(runDir);
      await truncate(join(runPaths.checkpoint(runDir, best.step), 'model.safetensors'), 1000);
      await execute('esciLab.resumeRun', runDir);
      assert.equal((await ended(runDir)).problem?.code, 'checkpoint-lost');
      await trainerGone(runDir);

      const givenUp = execute('esciLab.resumeRun', runDir);
      const choices = await ask('choices');
      assert.deepEqual(choices.length, 2);
      assert.match(choices[0]!, new RegExp(`Step ${last}\\s*the last weights`));
      assert.match(choices[1]!, new RegExp(`Try the best one again\\s*step ${best.step}`));
      await ask('giveUp', 'The best checkpoint cannot be restored');
      await givenUp;
      assert.equal((await readRecord(runDir)).status, 'failed');

      const resumed = execute('esciLab.resumeRun', runDir);
      await ask('pick', `Step ${last}`);
      await resumed;
      await until('its end', async () => (await readRecord(runDir)).status === 'finished');
      const warned = (await eventsOf(runDir)).flatMap((event) =>
        event.type === 'warning' ? [event.problem.code] : [],
      );
      assert.ok(warned.includes('checkpoint-chosen'), JSON.stringify(warned));
    }),
    test('says who works on a run that another process holds, and leaves it alone', async () => {
      const runDir = await exampleRun({ name: 'held', status: 'stopped', steps: 5 });
      const lock = await takeRunLock(runDir);
      const before = await eventsOf(runDir);
      const refused = execute('esciLab.resumeRun', runDir);
      await showNotices();
      await ask('notice', `A trainer of this run is at work already (process ${process.pid})`);
      await refused;
      await lock.release();
      assert.equal((await readRecord(runDir)).status, 'stopped');
      assert.deepEqual(await eventsOf(runDir), before);
    }),
  ],

  'esciLab.startAgain': [
    test('runs the experiment of a run once more, as it ran then', async () => {
      const text = `# as it was then\n${await readFile(experiment('tiny').fsPath, 'utf8')}`;
      const experimentFile = experiment('tiny').fsPath;
      const first = await exampleRun({ name: 'tiny', status: 'failed', experimentFile }, text);
      const again = await runOf(() => execute('esciLab.startAgain', first));
      assert.notEqual(again, first);
      assert.equal(await readFile(runPaths.experiment(again), 'utf8'), text);
      const record = await ended(again);
      assert.equal(record.status, 'finished', JSON.stringify(record.problem));
      assert.equal(record.experimentFile, experimentFile);
    }),
  ],

  'esciLab.startNow': [
    test('starts a waiting run beside the one at work', async () => {
      const lab = await openLab();
      const first = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      const second = await runOf(() => execute('esciLab.startExperiment', experiment('endless')));
      assert.match(await ask('row', 'Runs', 'endless', 'next'), /endless\s*next/);
      await execute('esciLab.startNow', second);
      assert.equal(lab.trainers.placeOf(second), undefined);
      await Promise.all([afterSteps(first, 1), afterSteps(second, 1)]);
      assert.equal((await readRecord(first)).status, 'running');
      await execute('esciLab.stopRun', { runDir: first }, [{ runDir: first }, { runDir: second }]);
      await Promise.all([ended(first), ended(second)]);
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

/** A trainer lives a moment longer than its run. */
async function trainerGone(runDir: string): Promise<void> {
  const { process: trainer } = await readRecord(runDir);
  await until('the end of its trainer', async () => trainer === undefined || !(await isRunning(trainer)));
}
