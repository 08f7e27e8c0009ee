/** What a person does in the editor: palette, trees, webviews, screenshots. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, FrameLocator, Locator, Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import { ROOT } from './editor.ts';

/** Where screenshots go. */
export const SCREENSHOTS = join(ROOT, 'test/e2e/screenshots');

const SHORT_MS = 3000;

/** Runs a command by its title in the palette, for example `ESCI Lab: Start Experiment`. */
export async function palette(page: Page, title: string): Promise<void> {
  await quickly(page, 'F1', `>${title}`, title);
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await quickly(page, 'Control+P', name, name);
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/**
 * Runs a command that asks, and types, until a row has what is looked for: a focus that comes back late closes what a command
 * asks with, also in the midst of typing.
 */
export async function paletteThatAsks(
  page: Page,
  title: string,
  { placeholder, text = '', rowText = text }: { placeholder: string; text?: string; rowText?: string },
): Promise<void> {
  const found = page
    .locator('.quick-input-widget', { has: page.getByPlaceholder(placeholder) })
    .locator('.quick-input-list .monaco-list-row', { hasText: rowText })
    .first();
  do {
    await palette(page, title);
    await page
      .getByPlaceholder(placeholder)
      .fill(text, { timeout: SHORT_MS })
      .catch(() => undefined);
  } while (!(await isShown(found)));
}

/** Compares runs, each given by its place among those with its name. */
export async function compareRuns(
  page: Page,
  runs: readonly (readonly [name: string, place: number])[],
): Promise<void> {
  await paletteThatAsks(page, 'ESCI Lab: Compare Runs', { placeholder: 'Runs to compare' });
  for (const [name, place] of runs) await pickRow(page, name).nth(place).click();
  await page.keyboard.press('Enter');
}

/** Opens the quick input by its key, and accepts the row that its text finds. */
async function quickly(page: Page, key: string, text: string, rowText: string): Promise<void> {
  const row = pickRow(page, rowText).first();
  // A webview that takes the focus while it loads swallows keys, and closes what is open. A list that was made before its command came to be
  // stays without it until it is closed.
  for (;;) {
    await page.keyboard.press(key);
    await page
      .locator('.quick-input-widget input')
      .first()
      .fill(text, { timeout: SHORT_MS })
      .catch(() => undefined);
    if (await isShown(row)) break;
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Enter');
}

async function isShown(element: Locator): Promise<boolean> {
  return element.waitFor({ timeout: SHORT_MS }).then(
    () => true,
    () => false,
  );
}

/** Opens the fixes at the cursor, until there is one with this text: a problem's fixes can come later than its mark. */
export async function quickFixes(page: Page, text: string): Promise<void> {
  const fixes = page.locator('.action-widget', { hasText: text });
  do {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
  } while (!(await isShown(fixes)));
}

/** Names a file in the open file dialog, and confirms. */
export async function saveAs(page: Page, path: string): Promise<void> {
  // It fills in its own proposal together with what lies beside it.
  await pickRow(page, '').first().waitFor();
  await page.locator('.quick-input-widget input').first().fill(path);
  await page.keyboard.press('Enter');
}

/** The steps that a run's panel draws, as it exports them to a new file. */
export async function drawnSteps(page: Page, run: Frame, path: string): Promise<readonly number[]> {
  await run.locator('.exports button', { hasText: 'CSV' }).click();
  await saveAs(page, path);
  for (const end = Date.now() + PANEL_MS; Date.now() < end;) {
    // The file is there before all is written.
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (text.endsWith('\n')) return text.trimEnd().split('\n').slice(1).map(Number.parseFloat);
    await delay(100);
  }
  throw new Error(`No ${path} after ${PANEL_MS / 1000} s`);
}

/** The row of an open quick pick that has this text. */
export function pickRow(page: Page, text: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text });
}

/** Opens a view container of the activity bar. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const action = page.locator(`.activitybar a.action-label[aria-label^="${title}"]`);
  await action.waitFor();
  if ((await page.locator('.sidebar .composite.title', { hasText: title }).count()) === 0) {
    // Its badge lies over it, and hands the click on.
    await action.click({ force: true });
    await page.locator('.sidebar .composite.title', { hasText: title }).waitFor();
  }
}

/** The row of a tree in the side bar that has this text. */
export function treeRow(page: Page, text: string | RegExp): Locator {
  return page.locator('.sidebar .pane-body .monaco-list-row', { hasText: text });
}

/** Opens an experiment's file from its row in the second tree. */
export async function openExperiment(page: Page, name: string): Promise<void> {
  await treeRow(page, name).last().click();
  await page.locator('.tab.active', { hasText: `${name}.yml` }).waitFor();
}

/** Does what a row of a tree offers in its context menu. */
export async function rowMenu(page: Page, row: Locator, action: string): Promise<void> {
  await row.click({ button: 'right' });
  const entries = page.locator('.monaco-menu .action-item:not(.disabled) .action-label');
  await entries.filter({ hasText: new RegExp(`^${action}$`) }).hover();
  // Not a click: a menu ignores one that comes as it opens.
  await page.keyboard.press('Enter');
}

/** Starts an experiment from the palette, by its name. */
export async function startExperiment(page: Page, name: string): Promise<void> {
  const placeholder = 'Experiment to start; its button is a dry run, which starts nothing';
  await paletteThatAsks(page, 'ESCI Lab: Start Experiment', { placeholder, text: name });
  await page.keyboard.press('Enter');
}

/** The inside of the one webview that shows; with a title, waits for the one whose document has it. */
export function webview(page: Page, title?: string): FrameLocator {
  const frame = page.frameLocator('iframe.webview.ready');
  return frame.frameLocator(title === undefined ? 'iframe#active-frame' : `iframe#active-frame[title="${title}"]`);
}

const PANEL_MS = 60_000;

/** Opens a run by a click on its row, until its panel shows. */
export async function openRun(page: Page, row: Locator, title: string): Promise<Frame> {
  for (;;) {
    await row.click();
    const found = await panel(page, title, PANEL_MS / 4).catch(() => undefined);
    if (found !== undefined) return found;
  }
}

/** The inside of the panel with this title, when several show side by side. */
export async function panel(page: Page, title: string, patienceMs = PANEL_MS): Promise<Frame> {
  const isIt = `document.body?.dataset.identity !== undefined && document.title === ${JSON.stringify(title)}`;
  for (const end = Date.now() + patienceMs; Date.now() < end;) {
    for (const frame of page.frames()) {
      // Frames come and go while a window loads.
      if ((await frame.evaluate(isIt).catch(() => false)) === true) return frame;
    }
    await delay(100);
  }
  throw new Error(`No panel “${title}” shows after ${patienceMs / 1000} s`);
}

/** Texts of the notifications so far, newest first; the list is closed again. */
export async function notifications(page: Page): Promise<readonly string[]> {
  await palette(page, 'Notifications: Show Notifications');
  const texts = await page.locator('.notifications-center .notification-list-item').allInnerTexts();
  await palette(page, 'Notifications: Hide Notifications');
  return texts;
}

/** Milliseconds on the page's own clock. */
export function pageTime(page: Page): Promise<number> {
  return page.evaluate('performance.now()');
}

/** Screenshots of the page in the dark and the light theme: `<name>-dark.png`, `<name>-light.png`. */
export async function screenshots(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    await useTheme(page, theme);
    await page.screenshot({ path: join(SCREENSHOTS, `${name}-${theme}.png`) });
  }
}

/** For `afterEach`: a picture of where a test failed, beside the screenshots. */
export async function pictureOfFailure(page: Page, { task }: TestContext): Promise<void> {
  if (task.result?.state !== 'fail') return;
  await page.screenshot({ path: join(SCREENSHOTS, `FAILED ${task.name.replace(/\W+/g, '-')}.png`) });
}

/** The editor follows the system's colours (its setting), so that nothing has to be clicked and what is open stays open. */
async function useTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`.monaco-workbench.${theme === 'light' ? 'vs' : 'vs-dark'}`).waitFor();
}
