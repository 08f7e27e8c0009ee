import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { strFromU8, unzipSync } from 'fflate';
import { window, workspace } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, inWorkspace, openLab, showNotices, until } from '../fixture.ts';

const QUESTION = 'Nothing has been written yet';
const SECRET = 'velvet narwhal';

/** Tests of Report a Problem. */
export const reportProblemTests = {
  'esciLab.reportProblem': [
    test('shows all of the report, read-only, and writes it where the person says', async () => {
      const runDir = await failedRun();
      const path = inWorkspace('report.zip');
      const asked = execute('esciLab.reportProblem', runDir);
      const shown = await preview();
      for (const name of [
        'environment.json',
        'run.json',
        'experiment.yml',
        'events.jsonl',
        'trainer.log',
        'files.txt',
      ]) {
        assert.ok(shown.includes(`── ${name} (`), name);
      }
      await showNotices();
      await ask('notice', QUESTION, 'Save…');
      await ask('save', path);
      await asked;
      const files = Object.entries(unzipSync(await readFile(path))).map(([name, bytes]) => ({
        name,
        text: strFromU8(bytes),
      }));
      for (const { name, text } of files) assert.ok(shown.includes(text), `${name} was shown as it was written`);
      const all = files.map(({ text }) => text).join('\n');
      assert.match(all, /"editorVersion": "\d+\.\d+/);
      assert.match(all, /"code": "loss-not-finite"/);
      assert.doesNotMatch(all, new RegExp(SECRET));
      await rm(path);
    }),
    test('writes nothing when it is cancelled', async () => {
      const asked = execute('esciLab.reportProblem', await failedRun());
      await preview();
      await showNotices();
      await ask('notice', QUESTION, 'Cancel');
      await asked;
      assert.deepEqual(
        (await workspace.findFiles('*.zip')).map(({ fsPath }) => fsPath),
        [],
      );
    }),
    test('reports a run whose record is broken', async () => {
      const runDir = await failedRun();
      await writeFile(runPaths.record(runDir), '{');
      await (await openLab()).runs.refresh();
      const asked = execute('esciLab.reportProblem', runDir);
      assert.match(await preview(), /"unreadable": "not JSON"/);
      await showNotices();
      await ask('notice', QUESTION, 'Cancel');
      await asked;
      assert.ok(existsSync(runDir));
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

async function failedRun(): Promise<string> {
  const problem = { code: 'loss-not-finite', message: `The loss of “${SECRET}” is NaN.` };
  return exampleRun({ name: 'velvet', status: 'failed', steps: 5, problem, annotation: { title: SECRET } });
}

/** Text of the document that shows the report. */
async function preview(): Promise<string> {
  return until('the report is shown', () => {
    const text = window.activeTextEditor?.document.getText() ?? '';
    return text.startsWith('esci-lab-report-') && text;
  });
}
