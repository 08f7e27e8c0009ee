import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEditor, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import { exampleWorkspace } from './example-workspace.ts';
import type { ExampleWorkspace } from './example-workspace.ts';
import { openFile, pickRow, screenshots } from './hands.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: all tests in the real editor, because ${missing}`);

describe.skipIf(missing !== undefined)('an experiment in the text editor', () => {
  let workspace: ExampleWorkspace;
  let editor: Editor;
  beforeAll(async () => {
    workspace = await exampleWorkspace();
    editor = await startEditor({ workspace: workspace.folder });
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
});
