/** Builds the panels into dist/webview: a script and a style each, for the browser inside the editor. */
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { webviewMayImport } from './layers.mjs';

const root = new URL('..', import.meta.url).pathname;
const panels = ['run', 'compare', 'form'];

for (const panel of panels) {
  const result = await build({
    entryPoints: [`${root}webview/${panel}/main.tsx`, `${root}webview/${panel}/${panel}.css`].map((path) => ({
      in: path,
      out: panel,
    })),
    absWorkingDir: root,
    outdir: root + 'dist/webview',
    bundle: true,
    platform: 'browser',
    target: 'chrome128',
    format: 'esm',
    minify: true,
    sourcemap: true,
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
    metafile: true,
    logLevel: 'warning',
  });
  const foreign = Object.keys(result.metafile.inputs).filter(
    (path) => path.startsWith('src/') && !webviewMayImport.some((folder) => path.startsWith(`src/${folder}/`)),
  );
  if (foreign.length > 0) throw new Error(`The ${panel} panel contains ${foreign.join(', ')} (scripts/layers.mjs).`);
  await writeFile(`${root}dist/webview/${panel}.meta.json`, JSON.stringify(result.metafile));
}
