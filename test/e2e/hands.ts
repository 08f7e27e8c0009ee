/** What a person does in the editor: palette, trees, webviews, screenshots. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { ROOT } from './editor.ts';

const SCREENSHOTS = join(ROOT, 'test/e2e/screenshots');

/** Runs a command by its title in the palette, for example `ESCI Lab: Start Experiment`. */
export async function palette(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input').first();
  await input.fill(`>${title}`);
  await pickRow(page, title).first().waitFor();
  await page.keyboard.press('Enter');
}

/** The row of an open quick pick that has this text. */
export function pickRow(page: Page, text: string): Locator {
  return page.locator('.quick-input-list .monaco-list-row', { hasText: text });
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').first().fill(name);
  await pickRow(page, name).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).waitFor();
}

/** Opens a view container of the activity bar. */
export async function openContainer(page: Page, title: string): Promise<void> {
  const action = page.locator(`.activitybar a.action-label[aria-label^="${title}"]`);
  await action.waitFor();
  if ((await page.locator('.sidebar .composite.title', { hasText: title }).count()) === 0) await action.click();
}

/** The row of a tree in the side bar that has this text. */
export function treeRow(page: Page, text: string | RegExp): Locator {
  return page.locator('.sidebar .pane-body .monaco-list-row', { hasText: text });
}

/** The inside of the open webview; with several, the one whose document has this title. */
export function webview(page: Page, title?: string): FrameLocator {
  const frame = page.frameLocator('iframe.webview.ready');
  return frame.frameLocator(title === undefined ? 'iframe#active-frame' : `iframe#active-frame[title="${title}"]`);
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

/** The editor follows the system's colours (its setting), so that nothing has to be clicked and what is open stays open. */
async function useTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`.monaco-workbench.${theme === 'light' ? 'vs' : 'vs-dark'}`).waitFor();
}
