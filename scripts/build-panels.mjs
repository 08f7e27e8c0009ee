/** Builds the panels into dist/webview: a script and a style each, for the browser inside the editor. With `--gallery`, also the page of all components, for tests, into .cache/gallery. */
import { build } from 'esbuild';
import { writeFile } from 'node:fs/promises';
import { webviewMayImport } from './layers.mjs';

const root = new URL('..', import.meta.url).pathname;

for (const panel of ['run', 'compare', 'form']) {
  const { metafile } = await buildPage(panel, 'dist/webview');
  const foreign = Object.keys(metafile.inputs).filter(
    (path) => path.startsWith('src/') && !webviewMayImport.some((folder) => path.startsWith(`src/${folder}/`)),
  );
  if (foreign.length > 0) throw new Error(`The ${panel} panel contains ${foreign.join(', ')} (scripts/layers.mjs).`);
  await writeFile(`${root}dist/webview/${panel}.meta.json`, JSON.stringify(metafile));
}
if (process.argv.includes('--gallery')) await buildPage('gallery', '.cache/gallery');

/** The styles that a page's components import become the page's style. */
function buildPage(page, folder) {
  return build({
    entryPoints: [{ in: `${root}webview/${page}/main.tsx`, out: page }],
    absWorkingDir: root,
    outdir: root + folder,
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
}
