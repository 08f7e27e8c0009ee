import type { Page } from 'playwright-core';
import { openContainer } from '../../e2e/editor-actions.ts';

const CONTAINER = 'ESCI Lab';

/** PageActions on the views of the side bar. */
export function viewActions(page: Page) {
  const pane = (title: string) =>
    page.locator('.sidebar .split-view-view', { has: page.locator('.pane-header', { hasText: title }) });
  const rowWith = (view: string, texts: readonly string[]) =>
    texts.reduce((row, text) => row.filter({ hasText: text }), pane(view).locator('.monaco-list-row')).first();

  return {
    /** Presses a key in a view, once the view has the focus. */
    async pressIn(view: string, key: string) {
      await pane(view).locator('.monaco-list:focus').waitFor();
      await page.keyboard.press(key);
    },

    /** Waits until the view shows a row with all these texts, and gives the whole row. */
    async row(view: string, ...texts: readonly string[]) {
      await openContainer(page, CONTAINER);
      const row = rowWith(view, texts);
      await row.waitFor();
      return row.innerText();
    },

    /** Waits until the view shows no row with this text. */
    async noRow(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).waitFor({ state: 'detached' });
    },

    /** Waits until the view's first row has this text. */
    async firstRow(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await pane(view).locator('.monaco-list-row[data-index="0"]', { hasText: text }).waitFor();
    },

    /** Texts of all rows of a view, once one of them has this text. */
    async rowsWith(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).waitFor();
      return pane(view).locator('.monaco-list-row').allInnerTexts();
    },

    async clickRow(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).click();
    },

    /** Opens or closes what lies below a row. */
    async unfold(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).locator('.monaco-tl-twistie').click();
    },

    /** Presses the button of a row, which shows while the mouse is over the row. */
    async pressRowAction(view: string, text: string, action: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).hover();
      await rowWith(view, [text]).locator(`.action-label[aria-label^="${action}"]`).click();
    },

    /** What a screen reader says of a row. */
    async spoken(view: string, ...texts: readonly string[]) {
      await openContainer(page, CONTAINER);
      const row = rowWith(view, texts);
      await row.waitFor();
      return (await row.getAttribute('aria-label')) ?? '';
    },

    /** Entries of a row's context menu. */
    async menu(view: string, ...texts: readonly string[]) {
      await openContainer(page, CONTAINER);
      await rowWith(view, texts).click({ button: 'right' });
      const entries = page.locator('.monaco-menu .action-item:not(.disabled) .action-label:not(.separator)');
      await entries.first().waitFor();
      const labels = await entries.allInnerTexts();
      await page.keyboard.press('Escape');
      await entries.first().waitFor({ state: 'detached' });
      return labels;
    },

    /** What hovers over a row after a while. */
    async tooltip(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await rowWith(view, [text]).hover();
      const hover = page.locator('.monaco-hover', { hasText: text }).last();
      await hover.waitFor();
      const words = await hover.innerText();
      await page.mouse.move(0, 0);
      return words;
    },

    /** Waits until an empty view shows this text, and gives all that it says then. */
    async welcome(view: string, text: string) {
      await openContainer(page, CONTAINER);
      const content = pane(view).locator('.welcome-view-content', { hasText: text });
      await content.waitFor();
      return content.innerText();
    },

    /** Texts of the buttons of an empty view. */
    async welcomeButtons(view: string) {
      await openContainer(page, CONTAINER);
      return pane(view).locator('.welcome-view-content .monaco-button:visible').allInnerTexts();
    },

    /** Presses the button of an empty view. */
    async pressWelcome(view: string, button: string) {
      await openContainer(page, CONTAINER);
      await pane(view).locator('.welcome-view-content .monaco-button', { hasText: button }).click();
    },

    /** Waits until the words beside a view's title are these. */
    async besideTitle(view: string, text: string) {
      await openContainer(page, CONTAINER);
      await pane(view).locator('.pane-header .description', { hasText: text }).waitFor();
    },

    /** Waits until the container's icon has this number. */
    async badge(text: string) {
      const badge = page.locator('.activitybar .action-item', {
        has: page.locator(`a.action-label[aria-label^="${CONTAINER}"]`),
      });
      await badge.locator('.badge-content', { hasText: text }).waitFor();
    },
  };
}
