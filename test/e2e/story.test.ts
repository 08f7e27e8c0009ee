/** The first minutes of a person with the packaged extension: start, watch, read, correct, start again, compare. */
import { readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { missingEditor, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import { emptyWorkspace } from './example-workspace.ts';
import {
  compareRuns,
  openContainer,
  openExperiment,
  pageTime,
  palette,
  panel,
  pickRow,
  pictureOfFailure,
  quickFixes,
  screenshots,
  treeRow,
  webview,
} from './editor-actions.ts';
import { packagedVsix } from './packaged-vsix.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: the story in the real editor, because ${missing}`);

/** Enough for twenty steps, an evaluation every fourth, and half a minute. */
const MAX_QUERIES = 40;
/** The product promises ten seconds on a machine that has nothing else to do. */
const FIRST_POINT_MS = 10_000;
const BUSY_FACTOR = 3;
const TRAINED = 250_000;

describe.skipIf(missing !== undefined)('the packaged extension, from nothing to a comparison', () => {
  let folder: string;
  let editor: Editor;
  beforeAll(async () => {
    folder = emptyWorkspace();
    const quickstart = join(folder, 'configs/quickstart.yml');
    const text = readFileSync(quickstart, 'utf8');
    writeFileSync(quickstart, text.replace('data:', `data:\n  max_queries: ${MAX_QUERIES}`));
    editor = await startEditor({ workspace: folder, vsix: await packagedVsix() });
    await openContainer(editor.page, 'ESCI Lab');
  });
  afterAll(async () => {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach((context) => pictureOfFailure(editor.page, context));

  it('starts the quickstart from the palette, and draws its first point soon', async () => {
    const { page } = editor;
    await palette(page, 'ESCI Lab: Start Experiment');
    await pickRow(page, 'quickstart').first().waitFor();
    await page.locator('.quick-input-widget input').first().fill('quickstart');
    await screenshots(page, 'story-1-start');
    const start = await pageTime(page);
    await page.keyboard.press('Enter');
    await webview(page).locator('.chart', { hasText: 'Loss' }).locator('canvas').waitFor({ timeout: 60_000 });
    const firstPointMs = (await pageTime(page)) - start;
    console.log(`From Start to the first point: ${(firstPointMs / 1000).toFixed(1)} s`);
    expect(firstPointMs).toBeLessThan(FIRST_POINT_MS * BUSY_FACTOR);
  });

  it('shows more points while it trains', async () => {
    const { page } = editor;
    const step = async () => Number(/step (\d+) \/ \d+/.exec(await facts(page))?.[1]);
    const first = await step();
    await expect.poll(step, { timeout: 60_000 }).toBeGreaterThan(first + 2);
    await webview(page).locator('.status', { hasText: 'training' }).waitFor();
    await screenshots(page, 'story-2-training');
  });

  it('ends with the test table in the panel and the result in the tree', async () => {
    const { page } = editor;
    const table = webview(page).locator('section[aria-label=Test] table');
    await table.locator('tbody tr').first().waitFor({ timeout: TRAINED });
    expect(await table.innerText()).toMatch(/ESCI nDCG(\s+0\.\d{4}){4}/);
    await treeRow(page, /quickstart.*0\.\d{4}.*synthetic/s)
      .first()
      .waitFor({ timeout: TRAINED });
    await palette(page, 'Notifications: Clear All Notifications');
    await screenshots(page, 'story-3-finished');
  });

  it('opens a query inline, to its ranking under both models', async () => {
    const { page } = editor;
    const run = webview(page);
    await run.locator('vscode-button, button', { hasText: /^▲/ }).first().click();
    await run.locator('.vlist [data-index="0"] .q-words').waitFor();
    await run.locator('.vlist [data-index="0"]').click();
    await run.locator('.ranking ol').nth(1).waitFor();
    await run.locator('section[aria-label=Test]').evaluate('(section) => section.scrollIntoView()');
    await run.locator('.ranking .is-right .product').first().hover();
    await screenshots(page, 'story-4-query');
  });

  it('marks a typo in the experiment, and corrects it', async () => {
    const { page } = editor;
    await openExperiment(page, 'quickstart');
    await page.locator('.codelens-decoration', { hasText: 'Start' }).first().waitFor();
    await page.locator('.view-line', { hasText: 'learning_rate' }).click();
    await page.keyboard.press('Home');
    await page.keyboard.press('Shift+End');
    await page.keyboard.type('learning_rat: 5e-5');
    await page.keyboard.press('Escape');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
    await page.locator('.view-line', { hasText: 'learning_rat' }).getByText('learning_rat').click();
    await quickFixes(page, 'learning_rate');
    await screenshots(page, 'story-5-typo');
    await page.keyboard.press('Enter');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'detached' });
    await page.locator('.view-line', { hasText: 'learning_rate: 5e-5' }).waitFor();
  });

  it('starts it again from above its text', async () => {
    const { page } = editor;
    await page.locator('.codelens-decoration a', { hasText: 'Start' }).first().click();
    const runs = treeRow(page, /quickstart.*synthetic/s);
    await expect.poll(() => runs.count(), { timeout: TRAINED }).toBe(2);
    await screenshots(page, 'story-6-again');
  });

  it('compares the two: what differs, both curves, and the difference', async () => {
    const { page } = editor;
    await compareRuns(page, [
      ['quickstart', 0],
      ['quickstart', 1],
    ]);
    const compare = await panel(page, 'Compare 2 runs');
    await compare
      .locator('.runs td', { hasText: /[+−]0\.\d{4}/ })
      .first()
      .waitFor();
    expect(await compare.locator('.runs thead').innerText()).toContain('learning_rate');
    expect(await compare.locator('.runs tbody').innerText()).toMatch(/5e-5[^]*1e-4|1e-4[^]*5e-5/);
    await compare.locator('.chart-plot[aria-label*="quickstart"]').first().waitFor();
    await screenshots(page, 'story-7-compare');
  });
});

async function facts(page: Editor['page']): Promise<string> {
  return webview(page).locator('.facts').innerText();
}
