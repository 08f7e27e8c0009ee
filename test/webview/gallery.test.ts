/** Every component of the panels, in every theme. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lowContrastTexts } from './contrast.ts';
import { chromiumPath, startHarness } from './harness.ts';
import type { Harness, OpenPanel } from './harness.ts';
import { THEMES } from './themes.ts';
import type { ThemeName } from './themes.ts';

if (chromiumPath === undefined) console.warn('SKIPPED: no chromium found (set CHROMIUM); the gallery was not tested.');

const SHARED = join(import.meta.dirname, '../../webview/shared');
const components = ['components', 'ui'].flatMap((folder) =>
  readdirSync(join(SHARED, folder))
    .filter((name) => name.endsWith('.tsx'))
    .map((name) => basename(name, '.tsx')),
);

describe.skipIf(chromiumPath === undefined)('the gallery', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(async () => harness.close());

  async function withGallery(
    theme: ThemeName,
    width: number,
    check: (panel: OpenPanel) => Promise<void>,
  ): Promise<void> {
    const serve = () => ({ dispose: () => undefined });
    const panel = await harness.open({ panel: 'gallery', identity: {}, theme, width, serve });
    try {
      await panel.page.locator('.sample').last().waitFor();
      await check(panel);
      expect(panel.errors).toEqual([]);
    } finally {
      await panel.close();
    }
  }

  test('shows every component', async () => {
    await withGallery('dark', 900, async ({ page }) => {
      const samples = page.locator('.sample');
      const names = await samples.evaluateAll((all) =>
        all.map((node) => (node as unknown as { readonly dataset: { readonly sample: string } }).dataset.sample),
      );
      expect(names.toSorted()).toEqual([...components, 'ranking'].toSorted());
      for (const sample of await samples.locator('.sample-content').all())
        expect((await sample.boundingBox())?.height).toBeGreaterThan(0);
    });
  });

  test.each(Object.keys(THEMES) as ThemeName[])(
    'can be read in %s, and nothing is wider than 320 px',
    async (theme) => {
      await withGallery(theme, 320, async ({ page }) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
        await page.locator('.chart canvas').first().waitFor();
        expect(await page.evaluate(lowContrastTexts(4.5))).toEqual([]);
      });
    },
  );

  test.each(['high-contrast', 'high-contrast-light'] as const)(
    'outlines in %s what other themes fill',
    async (theme) => {
      await withGallery(theme, 900, async ({ page }) => {
        const outline = (selector: string) =>
          page.evaluate(`getComputedStyle(document.querySelector('${selector}')).outlineColor`);
        const transparent = 'rgba(0, 0, 0, 0)';
        expect(await outline('.notice')).not.toBe(transparent);
        expect(await outline('[aria-pressed=true]')).not.toBe(transparent);
        await page.locator('.plain-button', { hasText: 'CSV' }).hover();
        expect(
          await page.evaluate("getComputedStyle(document.querySelector('.plain-button:hover')).outlineStyle"),
        ).toBe('dashed');
        expect(await outline('.plain-button:hover')).not.toBe(transparent);
      });
    },
  );

  test('draws curves in the colours of a theme that is chosen later', async () => {
    await withGallery('dark', 900, async ({ page }) => {
      const colour = () => page.locator('.legend-entry line').first().getAttribute('stroke');
      const before = await colour();
      await page.evaluate("document.documentElement.style.setProperty('--vscode-esciLab-chartBlue', '#123456')");
      await expect.poll(colour).toBe('#123456');
      expect(before).not.toBe('#123456');
    });
  });
});
