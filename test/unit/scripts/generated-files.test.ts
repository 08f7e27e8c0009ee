import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedFiles, ROOT } from '../../../scripts/generated-files.ts';

it.each([...generatedFiles()])('%s is what its script writes; if not: npm run generate', (path, text) => {
  expect(readFileSync(new URL(path, ROOT), 'utf8') === text, path).toBe(true);
});
