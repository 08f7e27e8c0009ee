import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEditor, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import { exampleWorkspace } from './example-workspace.ts';
import type { ExampleWorkspace } from './example-workspace.ts';
import { openContainer, openFile, palette, pickRow, screenshots, treeRow, webview } from './editor-actions.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: all tests in the real editor, because ${missing}`);

describe.skipIf(missing !== undefined)('an experiment in the text editor', () => {
  let workspace: ExampleWorkspace;
  let editor: Editor;
  beforeAll(async () => {
    workspace = await exampleWorkspace();
    editor = await startEditor({ workspace: workspace.folder });
    await openContainer(editor.page, 'ESCI Lab');
  });
  afterAll(async () => {
    await editor.stop();
    await workspace.remove();
  });

  it('has an outline of its sections, keys with their value, and list items', async () => {
    const { page } = editor;
    await openFile(page, 'model_config.yml');
    await page.locator('.codelens-decoration', { hasText: 'Start' }).waitFor();
    await page.keyboard.press('Control+Shift+O');
    await pickRow(page, 'learning_rate').waitFor();
    const rows = await page.locator('.quick-input-list .monaco-list-row').allInnerTexts();
    expect(rows.some((row) => /training_blocks/.test(row))).toBe(true);
    await page.locator('.quick-input-widget input').first().fill('@pooler');
    await page.keyboard.press('Enter');
    await page.locator('.statusbar', { hasText: /Ln 2\d, Col 5/ }).waitFor();
  });

  it('offers a diff with the last run only when there is one', async () => {
    const { page } = editor;
    await openFile(page, 'everything-1e-3.yml');
    await page.locator('.codelens-decoration', { hasText: 'Evaluate Model' }).waitFor();
    expect(await page.locator('.codelens-decoration', { hasText: 'Diff with Last Run' }).count()).toBe(0);
    await openFile(page, 'quickstart.yml');
    await page.locator('.codelens-decoration a', { hasText: 'Diff with Last Run' }).click();
    await page.locator('.tab.active', { hasText: 'quickstart (last run) ↔ quickstart.yml' }).waitFor();
    await page.locator('.diff-editor, .monaco-diff-editor').first().waitFor();
    await screenshots(page, 'diff-with-last-run');
  });

  it('shows the walkthrough, and ticks a step once it is done', async () => {
    const { page } = editor;
    await palette(page, 'ESCI Lab: Open Walkthrough');
    const steps = page.locator('.getting-started-step');
    const names = ['start', 'watch', 'ranking', 'change', 'compare'];
    await steps.nth(names.length - 1).waitFor();
    for (const [i, name] of names.entries()) {
      await steps.nth(i).click();
      await screenshots(page, `walkthrough-${name}`);
    }
    const isTicked = () => steps.nth(1).getAttribute('aria-checked');
    expect(await isTicked()).toBe('false');
    await treeRow(page, 'model_config · 7e-6').click();
    await webview(page).locator('body', { hasText: '0.8570' }).waitFor({ timeout: 60_000 });
    await palette(page, 'ESCI Lab: Open Walkthrough');
    await expect.poll(isTicked, { timeout: 30_000 }).toBe('true');
  });
});
