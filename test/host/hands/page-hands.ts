import type { Page } from 'playwright-core';
import { quickInputHands } from './quick-input.ts';
import { viewHands } from './views.ts';
import { workbenchHands } from './workbench.ts';

/** What a person does in the page while a test inside the extension host waits, by name. Each waits for what it needs. */
export function pageHands(page: Page) {
  return { ...quickInputHands(page), ...viewHands(page), ...workbenchHands(page) };
}
