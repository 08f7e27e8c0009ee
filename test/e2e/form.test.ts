/** An experiment as a form, beside its text: what is changed in one shows in the other, and nothing else of the file changes. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEditor, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import { emptyWorkspace } from './example-workspace.ts';
import { openFile, palette, screenshots, webview } from './editor-actions.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: the form in the real editor, because ${missing}`);

describe.skipIf(missing !== undefined)('an experiment as a form', () => {
  let folder: string;
  let file: string;
  let editor: Editor;
  /** What the file is to say; every change goes through it. */
  let expected: string;

  beforeAll(async () => {
    folder = emptyWorkspace();
    file = join(folder, 'configs/model_config.yml');
    expected = readFileSync(file, 'utf8')
      .replace('model:', '# The paper’s settings, on our machine.\nmodel:')
      .replace('batch_size : 64', 'batch_size : 64 # fits 8 GB')
      .replace('training: TRUE', 'training: TRUE # for now')
      .concat('\nevaluation:\n  metrics: [esci_ndcg, "mrr@10"] # few\n\nmy_team: search\n');
    writeFileSync(file, expected);
    // The editor's own default in a browser is to save after a second.
    editor = await startEditor({ workspace: folder, settings: { 'files.autoSave': 'off' } });
  });
  afterAll(async () => {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const field = (path: string) => webview(editor.page).locator(`.field[data-path="${path}"]`);
  const says = (before: string, after: string) => {
    expect(expected).toContain(before);
    expected = expected.replace(before, after);
    return textShows(expected);
  };
  /** The text editor beside shows these lines. */
  const textShows = (text: string) =>
    expect
      .poll(() => shownLines(editor.page), { timeout: 30_000 })
      .toEqual(text.split('\n').filter((line) => line.trim() !== ''));

  it('opens from the editor’s title, with the text beside', async () => {
    const { page } = editor;
    await openFile(page, 'model_config.yml');
    await page.locator('.editor-actions a[aria-label^="Open as Form"]').click();
    await field('model.name').waitFor({ timeout: 60_000 });
    const line = expected.split('\n').indexOf('my_team: search') + 1;
    await webview(page).locator('.text-only').getByText(`line ${line}`).click();
    await page.locator('.statusbar', { hasText: `Ln ${line},` }).waitFor();
    await textShows(expected);
  });

  it('changes a number, a flag and a list in place', async () => {
    const { page } = editor;
    await field('hyperparameters.batch_size').locator('input').fill('16');
    await page.keyboard.press('Enter');
    await says('batch_size : 64 #', 'batch_size : 16 #');
    await field('training_blocks[0].training').locator('vscode-checkbox').click();
    await says('TRUE # for now', 'FALSE # for now');
    await field('evaluation.metrics').locator('input').fill('trec:map');
    await page.keyboard.press('Enter');
    await says('"mrr@10"] #', '"mrr@10", trec:map] #');
    await screenshots(page, 'form-beside-text');
  });

  it('takes a change back by Ctrl+Z in the form, and saves exactly what the text says', async () => {
    const { page } = editor;
    await field('hyperparameters.seed').locator('input').click();
    await page.keyboard.press('Control+z');
    await says('"mrr@10", trec:map] #', '"mrr@10"] #');
    await expect
      .poll(() => field('evaluation.metrics').locator('.chip-text').allTextContents())
      .toEqual(['esci_ndcg', 'mrr@10']);
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 30_000 }).toBe(expected);
  });

  it('follows what is typed in the text, and shows its problems', async () => {
    const { page } = editor;
    await page.locator('.monaco-editor .view-line', { hasText: 'learning_rate' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type('x');
    await field('hyperparameters.learning_rate').locator('.problem').waitFor();
    await webview(page).getByRole('button', { name: '2 problems' }).click();
    await screenshots(page, 'form-problems');
    await page.locator('.monaco-editor .view-line', { hasText: 'learning_rate' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await field('hyperparameters.learning_rate').locator('.problem').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await untilSaved();
  });

  it('fills the window', async () => {
    const { page } = editor;
    await openForm();
    await palette(page, 'View: Close Editors in Other Groups');
    await page.locator('.monaco-editor .view-line').first().waitFor({ state: 'detached' });
    await screenshots(page, 'form');
  });

  it('saves by Ctrl+S what was typed a moment ago', async () => {
    const { page } = editor;
    await field('hyperparameters.batch_size').locator('input').fill('24');
    await page.keyboard.press('Control+s');
    expected = expected.replace('batch_size : 16 #', 'batch_size : 24 #');
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 30_000 }).toBe(expected);
    await untilSaved();
  });

  it('keeps a change that is not saved over a reload of the window', async () => {
    const { page } = editor;
    await field('hyperparameters.batch_size').locator('input').fill('48');
    await page.keyboard.press('Enter');
    await page.locator('.tab.active.dirty', { hasText: 'model_config.yml' }).first().waitFor();
    // Without a copy that is kept, the browser would ask before it reloads.
    const backups = join(editor.folder, 'data/User/Backups');
    await expect.poll(() => isKept(backups, 'batch_size : 48 #'), { timeout: 30_000 }).toBe(true);
    await page.reload();
    await page.locator('.tab.active.dirty', { hasText: 'model_config.yml' }).first().waitFor({ timeout: 60_000 });
    const size = field('hyperparameters.batch_size').locator('input');
    await size.waitFor({ timeout: 60_000 });
    expect(await size.inputValue()).toBe('48');
    expect(readFileSync(file, 'utf8')).toBe(expected);
    await size.focus();
    await page.keyboard.press('Control+s');
    expected = expected.replace('batch_size : 24 #', 'batch_size : 48 #');
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 30_000 }).toBe(expected);
    await untilSaved();
  });

  it('keeps its filter while it is hidden, and after a reload of the window', async () => {
    const { page } = editor;
    await webview(page).locator('header vscode-text-field input').fill('batch');
    await field('model.name').waitFor({ state: 'hidden' });
    await openFile(page, 'quickstart.yml');
    await openForm();
    await field('model.name').waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+s');
    await untilSaved();
    await page.reload();
    await page.locator('.tab.active', { hasText: 'model_config.yml' }).first().waitFor({ timeout: 60_000 });
    await field('hyperparameters.batch_size').waitFor({ timeout: 60_000 });
    expect(await field('model.name').isVisible()).toBe(false);
    await palette(page, 'ESCI Lab: Open as Text');
    await page.locator('.codelens-decoration', { hasText: 'Start' }).waitFor({ timeout: 60_000 });
  });

  /** The window may have the file in several tabs. */
  async function untilSaved(): Promise<void> {
    await expect.poll(() => editor.page.locator('.tab.dirty').count(), { timeout: 30_000 }).toBe(0);
  }

  async function openForm(): Promise<void> {
    const { page } = editor;
    await page.keyboard.press('Escape');
    await page.locator('.tab', { hasText: 'model_config.yml' }).first().click();
    await field('hyperparameters.batch_size').waitFor({ timeout: 60_000 });
  }
});

/** Whether a file below a folder has this text. */
function isKept(folder: string, text: string): boolean {
  if (!existsSync(folder)) return false;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.some(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8').includes(text));
}

/** The lines that the text editor shows, top to bottom, blank ones left out. */
async function shownLines(page: Editor['page']): Promise<string[]> {
  const lines = await page.locator('.monaco-editor .view-lines .view-line').all();
  const placed = await Promise.all(
    lines.map(async (line) => ({ top: (await line.boundingBox())?.y ?? 0, text: (await line.textContent()) ?? '' })),
  );
  return placed
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => text.replaceAll('\u00a0', ' ').trimEnd())
    .filter((text) => text !== '');
}
