import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { window } from 'vscode';
import type { CommandId } from '../../../src/host/commands/table.ts';
import { ask } from '../ask.ts';
import { test } from '../run-tests.ts';
import type { HostTests } from '../run-tests.ts';
import { exampleRun, execute, inWorkspace, showNotices, until } from '../fixture.ts';

/** Tests of Export. */
export const exportTests = {
  'esciLab.exportRun': [
    test('writes the test table where the person says, and opens it', async () => {
      const path = await exportAs('Test table (CSV)', 'exported.csv', 'Open');
      const lines = (await readFile(path, 'utf8')).trim().split('\n');
      assert.match(lines[0]!, /ranker/);
      assert.ok(
        lines.some((line) => line.startsWith('fine-tuned') && line.includes('0.857')),
        lines.join('\n'),
      );
      await until('it is open', () => window.activeTextEditor?.document.uri.fsPath === path);
    }),
    test('writes every training step', async () => {
      const path = await exportAs('Training steps (CSV)', 'steps.csv');
      assert.equal((await readFile(path, 'utf8')).trim().split('\n').length, 1 + 25);
    }),
    test('writes evaluations on dev', async () => {
      const path = await exportAs('Evaluations on dev (CSV)', 'evaluations.csv');
      assert.equal((await readFile(path, 'utf8')).trim().split('\n').length, 1 + 1);
    }),
    test('writes differences with their intervals', async () => {
      const path = await exportAs('Test differences with intervals (CSV)', 'comparisons.csv');
      assert.match(await readFile(path, 'utf8'), /esci_ndcg/);
    }),
    test('writes everything as JSON', async () => {
      const path = await exportAs('Everything (JSON)', 'everything.json');
      const { record } = JSON.parse(await readFile(path, 'utf8')) as { record: { name: string } };
      assert.equal(record.name, 'to-export');
    }),
  ],
} as const satisfies Partial<Record<CommandId, HostTests>>;

async function exportAs(format: string, file: string, button?: string): Promise<string> {
  const runDir = await exampleRun({ name: 'to-export', steps: 25, test: [0.8162, 0.857] });
  const path = inWorkspace(file);
  const asked = execute('esciLab.exportRun', runDir);
  await ask('pick', format);
  await ask('save', path);
  await showNotices();
  await ask('notice', `Exported ${path}`, button);
  await asked;
  return path;
}
