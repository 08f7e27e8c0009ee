import type { Page } from 'playwright-core';
import { pickRow, saveAs } from '../../e2e/editor-actions.ts';

/** High enough for all entries of a list at once. */
const TALL = 2400;

/** PageActions on quick picks, input boxes and the palette. */
export function quickInputActions(page: Page) {
  const widget = page.locator('.quick-input-widget');
  const input = widget.locator('input').first();

  /** Looks while there is room for all rows of a list: those beyond its end are not drawn. */
  async function inTallWindow<T>(look: () => Promise<T>): Promise<T> {
    const size = page.viewportSize() ?? { width: 1440, height: 900 };
    await page.setViewportSize({ ...size, height: TALL });
    try {
      return await look();
    } finally {
      await page.setViewportSize(size);
    }
  }

  return {
    /** Picks the row with this text in the open quick pick. */
    async pick(text: string) {
      await pickRow(page, text).first().click();
    },

    /** Presses the button of the row with this text in the open quick pick. */
    async pressRowButton(text: string, button: string) {
      const row = pickRow(page, text).first();
      await row.hover();
      await row.locator(`.action-label[aria-label^="${button}"]`).click();
    },

    /** Ticks the rows with these texts in the open quick pick, and confirms. */
    async tick(texts: readonly string[]) {
      for (const text of texts) await pickRow(page, text).first().click();
      await widget.getByText('OK', { exact: true }).click();
    },

    /** Texts of the rows of the open quick pick. */
    async choices() {
      return inTallWindow(async () => {
        await pickRow(page, '').first().waitFor();
        return pickRow(page, '').allInnerTexts();
      });
    },

    /** Types into the open input box that has this title or question, and confirms. */
    async enter(question: string, text: string) {
      await widget.filter({ hasText: question }).waitFor();
      await input.fill(text);
      await page.keyboard.press('Enter');
    },

    /** Closes the open quick input that shows this text, without an answer. */
    async giveUp(text: string) {
      await widget.filter({ hasText: text }).waitFor();
      await page.keyboard.press('Escape');
      await widget.waitFor({ state: 'hidden' });
    },

    save: (path: string) => saveAs(page, path),

    /** Titles of all commands of a category that the palette offers now. */
    async offered(category: string) {
      return inTallWindow(async () => {
        await page.keyboard.press('F1');
        await input.fill(`>${category}: `);
        await pickRow(page, `${category}: `).first().waitFor();
        const labels = await pickRow(page, `${category}: `).locator('.monaco-icon-label .label-name').allInnerTexts();
        await page.keyboard.press('Escape');
        await widget.waitFor({ state: 'hidden' });
        return labels.filter((label) => label.startsWith(category)).map((label) => label.slice(category.length + 2));
      });
    },
  };
}
