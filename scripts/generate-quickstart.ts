import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { quickstartFiles } from './quickstart/files.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../assets/quickstart', import.meta.url));
mkdirSync(folder, { recursive: true });
for (const [name, text] of quickstartFiles()) {
  const path = join(folder, name);
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}
