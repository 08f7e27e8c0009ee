import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../runs/temp-folder.ts';

/** Not a literal: a module of JavaScript has no types here. */
const RULE = new URL('../../../scripts/import-cycles.mjs', import.meta.url).href;
const { importCycle } = (await import(RULE)) as { importCycle: (path: string) => readonly string[] | undefined };

function cycleFrom(name: string, files: Readonly<Record<string, string>>): readonly string[] | undefined {
  const folder = tempFolder();
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return importCycle(join(folder, name))?.map((path) => basename(path));
}

it('finds the shortest circle that a file stands in, over imports of types, re-exports and import()', () => {
  const files = {
    'a.ts': "import type { B } from './b.ts';\nimport './c.ts';\n",
    'b.ts': "export { x } from './c.ts';\n",
    'c.ts': "const later = () => import('./d.tsx');\n",
    'd.tsx': "import './b.ts';\nexport type A = import('./a.ts').A;\n",
  };
  expect(cycleFrom('a.ts', files)).toEqual(['a.ts', 'c.ts', 'd.tsx', 'a.ts']);
  expect(cycleFrom('b.ts', files)).toEqual(['b.ts', 'c.ts', 'd.tsx', 'b.ts']);
});

it('finds none where a file only leads into a circle, and none in packages and missing files', () => {
  const files = { 'a.ts': "import './b.ts';\nimport 'yaml';\nimport './gone.ts';\n", 'b.ts': "import './b.ts';\n" };
  expect(cycleFrom('a.ts', files)).toBeUndefined();
  expect(cycleFrom('b.ts', files)).toEqual(['b.ts', 'b.ts']);
});
