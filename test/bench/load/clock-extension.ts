/** The extension that measures the host (`host-clock.ts`), as the editor loads it, and what it wrote. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { HostSample } from './host-clock.ts';

/** Writes the extension that measures the host into a folder, and gives that. */
export async function clockExtension(folder: string, out: string): Promise<string> {
  const manifest = {
    ...{ name: 'host-clock', publisher: 'esci-lab', version: '1.0.0', engines: { vscode: '^1.90.0' } },
    ...{ main: './main.cjs', activationEvents: ['*'], extensionKind: ['workspace'] },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await build({
    ...{ entryPoints: [join(import.meta.dirname, 'host-clock.ts')], outfile: join(folder, 'main.cjs') },
    ...{ bundle: true, platform: 'node', format: 'cjs', define: { OUT: JSON.stringify(out) } },
  });
  return folder;
}

/** All samples so far, oldest first; a last line that is still being written is left out. */
export function samples(clock: string): HostSample[] {
  if (!existsSync(clock)) return [];
  return readFileSync(clock, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as HostSample);
}
