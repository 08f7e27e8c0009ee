/** Renews every file of the repository that a script writes: `npm run generate`. A test tells when one is stale. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { generatedFiles, ROOT } from './generated-files.ts';

for (const [path, text] of generatedFiles()) {
  const file = fileURLToPath(new URL(path, ROOT));
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  writeFileSync(`${file}.tmp`, text);
  renameSync(`${file}.tmp`, file);
  console.log(`wrote ${path}`);
}
