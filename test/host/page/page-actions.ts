import type { Page } from 'playwright-core';
import { quickInputActions } from './quick-input.ts';
import { viewActions } from './views.ts';
import { workbenchActions } from './workbench.ts';

/** What a person does in the page while a test inside the extension host waits, by name. Each waits for what it needs. */
export function pageActions(page: Page) {
  return { ...quickInputActions(page), ...viewActions(page), ...workbenchActions(page) };
}
