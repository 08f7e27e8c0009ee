import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './editor.ts';

/** Makes the extension's package from the present build, as `npm run package` does, and gives its path. */
export async function packagedVsix(): Promise<string> {
  await promisify(execFile)(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts/package.mjs')], { cwd: ROOT });
  const { name, version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Record<string, string>;
  return join(ROOT, `${name}-${process.platform}-${process.arch}-${version}.vsix`);
}
