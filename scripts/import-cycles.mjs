/**
 * An ESLint rule: no file imports itself by way of others. Imports of types count: they tie files together for whoever reads them
 * (eslint-plugin-import-x leaves them out of its no-cycle).
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';

/** Path → when it was read, and what it imports: an editor's ESLint lives longer than a file's text. */
const read = new Map();

/** Absolute paths of the files that a file imports by a relative path, types and `import()` included. */
function importsOf(path) {
  const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const known = read.get(path);
  if (known !== undefined && known.mtimeMs === mtimeMs) return known.imports;
  const names = mtimeMs === undefined ? [] : ts.preProcessFile(readFileSync(path, 'utf8')).importedFiles;
  const imports = names
    .map(({ fileName }) => fileName)
    .filter((name) => /^\..*\.tsx?$/.test(name))
    .map((name) => resolve(dirname(path), name));
  read.set(path, { mtimeMs, imports });
  return imports;
}

/** The shortest way from a file over its imports back to itself, with itself at both ends; undefined when there is none. */
export function importCycle(path) {
  const importedBy = new Map();
  const queue = [path];
  for (const importer of queue) {
    for (const imported of importsOf(importer)) {
      if (imported === path) return [...chain(importer), path];
      if (importedBy.has(imported)) continue;
      importedBy.set(imported, importer);
      queue.push(imported);
    }
  }
  return undefined;

  function chain(file) {
    return file === path ? [path] : [...chain(importedBy.get(file)), file];
  }
}

/** The rule as an ESLint plugin: `import-cycles/none`. */
export const importCycles = {
  rules: {
    none: {
      meta: { type: 'problem', schema: [], messages: { cycle: 'Imports in a circle: {{ files }}.' } },
      create: (context) => ({
        Program(node) {
          const cycle = importCycle(context.filename);
          if (cycle === undefined) return;
          const files = cycle.map((file) => relative(context.cwd, file)).join(' → ');
          context.report({ node, loc: { line: 1, column: 0 }, messageId: 'cycle', data: { files } });
        },
      }),
    },
  },
};
