import type { Page } from 'playwright-core';
import { webview } from '../../e2e/editor-actions.ts';

/** PageActions on notifications, the status bar, the explorer and panels. */
export function workbenchActions(page: Page) {
  const statusItem = (text: string) => page.locator('.statusbar .statusbar-item:not(.hidden)', { hasText: text });

  return {
    /** Waits for a notification with this text; clicks its button, or closes it. The centre has to be open. */
    async notice(text: string, button?: string) {
      const item = page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
      await item.hover();
      if (button === undefined) await item.locator('.codicon-notifications-clear').click();
      else await item.locator('.monaco-button', { hasText: button }).click();
    },

    /** Texts of all notifications. The centre has to be open. */
    async notices() {
      return page.locator('.notifications-center .notification-list-item-message').allInnerTexts();
    },

    /** Text of the explorer's selected row, once it has this text. */
    async selectedInExplorer(text: string) {
      const row = page.locator(
        '.explorer-viewlet .monaco-list-row.selected, .explorer-folders-view .monaco-list-row.selected',
      );
      await row.filter({ hasText: text }).first().waitFor();
      return row.filter({ hasText: text }).first().innerText();
    },

    /** Waits for the item of the status bar that has this text, and gives all of it. */
    async statusItem(text: string) {
      await statusItem(text).waitFor();
      return statusItem(text).innerText();
    },

    async clickStatusItem(text: string) {
      await statusItem(text).locator('a').click();
    },

    async noStatusItem(text: string) {
      await statusItem(text).waitFor({ state: 'detached' });
    },

    /** Waits until the panel with this title shows this text, and gives the text of the whole panel. */
    async panel(title: string, text: string) {
      const body = webview(page, title).locator('body');
      await body.filter({ hasText: text }).waitFor({ timeout: 90_000 });
      return body.innerText();
    },

    /** Values of CSS variables in the panel with this title; empty for those that it does not have. */
    async panelVariables(title: string, names: readonly string[]) {
      const style = 'getComputedStyle(document.body)';
      const values = `${JSON.stringify(names)}.map((name) => ${style}.getPropertyValue(name).trim())`;
      const found: readonly string[] = await webview(page, title).locator('body').evaluate(values);
      return found;
    },

    async pressInPanel(title: string, button: string) {
      await webview(page, title).getByRole('button', { name: button, exact: true }).first().click();
    },

    /** Trusts the workspace in the editor's own page about that. */
    async trust() {
      await page
        .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust/ })
        .first()
        .click();
    },
  };
}
