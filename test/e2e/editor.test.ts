import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingEditor, ROOT, startEditor } from './editor.ts';
import type { Editor } from './editor.ts';
import { emptyWorkspace, exampleWorkspace } from './example-workspace.ts';
import type { ExampleWorkspace } from './example-workspace.ts';
import {
  openContainer,
  openFile,
  palette,
  pickRow,
  quickFixes,
  screenshots,
  treeRow,
  webview,
} from './editor-actions.ts';

const missing = missingEditor();
if (missing !== undefined) console.warn(`SKIPPED: all tests in the real editor, because ${missing}`);

interface Contributed {
  readonly contributes: { readonly colors: readonly { readonly id: string }[] };
}

describe.skipIf(missing !== undefined)('a workspace with runs', () => {
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

  it('shows each run with its status, result and difference to the baseline', async () => {
    const { page } = editor;
    await treeRow(page, 'everything at 7e-6').waitFor();
    expect(await treeRow(page, 'model_config · 7e-6').innerText()).toMatch(/0\.8570\s+▲ \+0\.0207/);
    expect(await treeRow(page, 'everything at 7e-6').innerText()).toContain('baseline');
    expect(await treeRow(page, 'classifier only').innerText()).toContain('loss not finite at step 41');
    expect(await treeRow(page, '37 %').first().innerText()).toMatch(/quickstart.*dev 0\.8602.*left/s);
    expect(await page.locator('.statusbar').innerText()).toMatch(/quickstart\s+37 %/);
    await screenshots(page, 'runs');
  });

  it('opens a run in its panel', async () => {
    const { page } = editor;
    await treeRow(page, 'model_config · 7e-6').click();
    const body = webview(page).locator('body');
    await body.filter({ hasText: '0.8570' }).waitFor({ timeout: 60_000 });
    // Without them charts and labels have no colour, in the real editor alone.
    const contributed = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Contributed;
    for (const { id } of contributed.contributes.colors) {
      const name = `--vscode-${id.replace('.', '-')}`;
      expect(await body.evaluate(`getComputedStyle(document.body).getPropertyValue('${name}')`), id).toMatch(/^#/);
    }
    await screenshots(page, 'run-panel');
  });

  it('filters by the words of a person', async () => {
    const { page } = editor;
    await palette(page, 'ESCI Lab: Filter Runs');
    await page.locator('.quick-input-widget input').first().fill('#keep');
    await page.keyboard.press('Enter');
    await treeRow(page, 'classifier only').waitFor({ state: 'detached' });
    await treeRow(page, 'model_config · 7e-6').waitFor();
    await palette(page, 'ESCI Lab: Clear Filter');
    await treeRow(page, 'classifier only').waitFor();
  });

  it('finds a typo in an experiment, and corrects it', async () => {
    const { page } = editor;
    const path = join(workspace.folder, 'configs/bi-encoder.yml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('learning_rate:', 'learning_rat:'));
    await openFile(page, 'bi-encoder.yml');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor();
    await page.locator('.codelens-decoration', { hasText: 'Start' }).waitFor();
    await screenshots(page, 'typo');
    await page.locator('.view-line', { hasText: 'learning_rat' }).getByText('learning_rat').click();
    await quickFixes(page, 'learning_rate');
    await page.keyboard.press('Enter');
    await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'detached' });
    await page.keyboard.press('Control+s');
    await expect.poll(() => readFileSync(path, 'utf8')).toContain('learning_rate:');
  });
});

describe.skipIf(missing !== undefined)('an empty workspace', () => {
  let folder: string;
  let editor: Editor;
  beforeAll(async () => {
    folder = emptyWorkspace();
    const quickstart = join(folder, 'configs/quickstart.yml');
    // The whole quickstart takes minutes: a few of its queries show the same.
    writeFileSync(quickstart, readFileSync(quickstart, 'utf8').replace('data:', 'data:\n  max_queries: 12'));
    editor = await startEditor({ workspace: folder });
    await openContainer(editor.page, 'ESCI Lab');
  });
  afterAll(async () => {
    await editor.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('says what a run is, and offers to start one', async () => {
    await editor.page.locator('.sidebar a.monaco-button', { hasText: 'Start Experiment' }).waitFor();
    await treeRow(editor.page, 'model_config').waitFor();
    await screenshots(editor.page, 'no-runs');
  });

  it('says before a start what would run and what it would take', async () => {
    const { page } = editor;
    await openFile(page, 'quickstart.yml');
    await page.locator('.codelens-decoration a', { hasText: 'Dry Run' }).click();
    await page.locator('.tab.active', { hasText: 'Dry run of quickstart' }).waitFor({ timeout: 90_000 });
    const report = webview(page);
    await report.locator('h1', { hasText: 'Dry run of quickstart' }).waitFor({ timeout: 60_000 });
    const text = await report.locator('body').innerText();
    expect(text).toMatch(/Time\s+about [\d.hms ]+ on cpu/);
    expect(text).toMatch(/0\.0 % truncated at max_length: 64/);
    expect(text).toContain('[CLS] ');
    expect(existsSync(join(folder, 'runs'))).toBe(false);
    await screenshots(page, 'dry-run');
  });

  it('runs an experiment from the palette to its test result', async () => {
    const { page } = editor;
    await palette(page, 'ESCI Lab: Start Experiment');
    await pickRow(page, 'quickstart').first().waitFor();
    await page.locator('.quick-input-widget input').first().fill('quickstart');
    await page.keyboard.press('Enter');
    await treeRow(page, 'quickstart').first().waitFor();
    await treeRow(page, /quickstart.*0\.\d{4}.*synthetic/s)
      .first()
      .waitFor({ timeout: 250_000 });
    await screenshots(page, 'finished');
  });
});

describe.skipIf(missing !== undefined)('a workspace that is not trusted', () => {
  it('shows runs and starts nothing', async () => {
    const workspace = await exampleWorkspace();
    const editor = await startEditor({
      workspace: workspace.folder,
      isTrusted: false,
      settings: { 'security.workspace.trust.startupPrompt': 'never' },
    });
    try {
      const { page } = editor;
      await openContainer(page, 'ESCI Lab');
      await treeRow(page, 'model_config · 7e-6').waitFor();
      await palette(page, 'ESCI Lab: Start Experiment');
      await palette(page, 'Notifications: Show Notifications');
      await page.locator('.notifications-center', { hasText: 'not trusted' }).waitFor();
      await screenshots(page, 'untrusted');
    } finally {
      await editor.stop();
      await workspace.remove();
    }
  });
});
