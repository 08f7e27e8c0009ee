import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveCompare } from '../../src/host/panels/serve-compare.ts';
import { chromiumPath, startHarness } from './harness.ts';
import type { Harness, OpenPanel } from './harness.ts';
import { copyRecordedRuns, RECORDED_RUNS } from '../runs/recorded.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { readRecord, writeRecord } from '../../src/runs/record.ts';
import { annotate } from '../../src/runs/annotation.ts';
import { makeRun } from './make-run.ts';

if (chromiumPath === undefined) console.warn('SKIPPED: no chromium found (set CHROMIUM); the panels were not tested.');

describe.skipIf(chromiumPath === undefined)('compare panel', () => {
  let harness: Harness;
  let runsFolder: string;
  const runIds = [...Object.keys(RECORDED_RUNS), '20261125-122000-three-cccccc'];

  beforeAll(async () => {
    runsFolder = await mkdtemp(join(tmpdir(), 'esci-lab-compare-'));
    harness = await startHarness();
    const [one, two] = await copyRecordedRuns(runsFolder);
    await annotate(one, { title: 'one' });
    await annotate(two, { title: 'two' });
    const experiment = await readFile(runPaths.experiment(one), 'utf8');
    await makeRun(runsFolder, {
      id: runIds[2]!,
      nSteps: 120,
      nDone: 60,
      status: 'failed',
      record: { name: 'three' },
      experiment,
    });
  });
  afterAll(async () => {
    await harness.close();
    await rm(runsFolder, { recursive: true, force: true });
  });

  async function withPanel(check: (panel: OpenPanel) => Promise<void>): Promise<void> {
    const serve = (port: Parameters<typeof serveCompare>[0]) => serveCompare(port, runsFolder);
    const panel = await harness.open({ panel: 'compare', identity: { runsFolder, runIds }, serve });
    try {
      await check(panel);
      expect(panel.errors).toEqual([]);
    } finally {
      await panel.close();
    }
  }

  test('shows only options that differ, and why a run has no delta', async () => {
    await withPanel(async ({ page }) => {
      await page.getByText('no test rankings yet').waitFor();
      const heads = await page.locator('.runs thead th').allTextContents();
      expect(heads.some((head) => head.startsWith('learning_rate'))).toBe(true);
      expect(heads.some((head) => head.includes('batch_size'))).toBe(false);
      expect(await page.locator('.chart canvas').count()).toBe(5);
    });
  });

  test('a star makes a run the baseline; deltas are against it and it has none', async () => {
    await withPanel(async ({ page, state }) => {
      await page.getByText('no test rankings yet').waitFor();
      await page.getByRole('button', { name: 'Baseline: one' }).click();
      await page.getByText('Δ against one').waitFor();
      const row = page
        .locator('.runs tbody tr', { hasText: 'one' })
        .filter({ has: page.locator('[aria-pressed=true] .codicon-star-full') });
      await expect.poll(async () => row.locator('td').nth(1).textContent()).toBe('–');
      await expect.poll(async () => ((await state()) as { baselineId: string }).baselineId).toBe(runIds[0]);
    });
  });

  test('takes as baseline the run that another one’s experiment names', async () => {
    const two = join(runsFolder, runIds[1]!);
    const before = await readRecord(two);
    await writeRecord(two, { ...before, baseline: runIds[0]! });
    await withPanel(async ({ page }) => {
      await page.getByText('Δ against one').waitFor();
      await page.locator('[aria-pressed=true] .codicon-star-full').waitFor();
    });
    await writeRecord(two, before);
    await withPanel(({ page }) => page.getByText('Δ against each run’s pretrained model').waitFor());
  });

  test('filters, hides a column, and exports what is shown', async () => {
    await withPanel(async ({ page, saved }) => {
      await page.getByText('no test rankings yet').waitFor();
      await page.locator('vscode-text-field input').fill('two');
      await expect.poll(() => page.locator('.runs tbody tr').count()).toBe(1);
      await page.locator('.columns summary').click();
      await page.locator('.column-list vscode-checkbox').filter({ hasText: 'took' }).click();
      await expect
        .poll(async () => (await page.locator('.runs thead th').allTextContents()).join())
        .not.toContain('took');
      await page.getByText('Save as CSV').click();
      await expect.poll(() => saved.length).toBe(1);
      const lines = Buffer.from(saved[0]!.content).toString().trim().split('\n');
      expect(lines).toHaveLength(2);
      expect(lines[0]).toContain('hyperparameters.learning_rate');
      expect(lines[1]).toContain('2e-5');
    });
  });
});
