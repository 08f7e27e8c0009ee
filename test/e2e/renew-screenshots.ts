/**
 * Makes the README's pictures from the screenshots of the story: `npm run screenshots` runs both. Chromium itself makes them small, as
 * WebP, so that no other tool is needed.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, ROOT } from './editor.ts';
import { SCREENSHOTS } from './editor-actions.ts';

/** Name of a screenshot, and of its picture in the README. */
const PICTURES = {
  'story-3-finished': 'run',
  'story-4-query': 'query',
  'story-5-typo': 'experiment',
  'story-7-compare': 'compare',
} as const;
const QUALITY = 0.85;

const out = join(ROOT, 'assets/screenshots');
await mkdir(out, { recursive: true });
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
for (const [screenshot, picture] of Object.entries(PICTURES)) {
  for (const theme of ['light', 'dark']) {
    const png = await readFile(join(SCREENSHOTS, `${screenshot}-${theme}.png`), 'base64');
    const webp = await page.evaluate<string>(`(async () => {
      const image = new Image();
      image.src = 'data:image/png;base64,${png}';
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality: ${QUALITY} });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    })()`);
    const path = join(out, `${picture}-${theme}.webp`);
    await writeFile(path, Buffer.from(webp, 'base64'));
    console.log(`${path}: ${Math.round((webp.length * 3) / 4 / 1000)} kB`);
  }
}
await browser.close();
