/** Builds the bundles into dist/ and checks on their metafiles that each contains only what its layer may load. */
import { build } from 'esbuild';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Loaded at run time from node_modules: native code, and what would drag it in. */
const native = ['onnxruntime-node', '@huggingface/transformers', 'sharp'];

/** A large part of the host's code, needed when an experiment is looked at or a report is made: files of their own, so that the editor starts without them. */
const LATER = ['yaml', 'js-yaml', 'fflate'];

const bundles = [
  { entry: 'src/trainer/main.ts', out: 'dist/trainer.js', format: 'esm', external: native, forbid: ['vscode'] },
  {
    entry: 'src/trainer/heartbeat/thread.ts',
    out: 'dist/heartbeat.js',
    format: 'esm',
    external: [],
    forbid: ['vscode', ...native],
  },
  { entry: 'src/cli.ts', out: 'dist/cli.js', format: 'esm', external: [], forbid: ['vscode', ...native] },
  {
    entry: 'src/extension.ts',
    out: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
    forbid: native,
    plugins: [inOwnFiles(LATER)],
  },
  ...LATER.map((name) => ({ entry: name, out: `dist/${name}.cjs`, format: 'cjs', external: [], forbid: ['vscode'] })),
  {
    entry: 'src/host/panels/panel-worker.ts',
    out: 'dist/panel-worker.js',
    format: 'esm',
    external: [],
    forbid: ['vscode', ...native],
  },
  {
    entry: 'src/host/experiments/read-worker.ts',
    out: 'dist/read-worker.js',
    format: 'esm',
    external: [],
    forbid: ['vscode', ...native],
  },
];

await mkdir(root + 'dist', { recursive: true });
for (const { entry, out, format, external, forbid, plugins = [] } of bundles) {
  const result = await build({
    entryPoints: [entry],
    outfile: root + out,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format,
    external: [...external, '*.node'],
    sourcemap: true,
    metafile: true,
    absWorkingDir: root,
    plugins,
    logLevel: 'warning',
    // Some of the bundled packages are CommonJS and call require().
    ...(format === 'esm'
      ? {
          banner: {
            js: "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
          },
        }
      : {}),
  });
  const inputs = Object.keys(result.metafile.inputs);
  const imported = Object.values(result.metafile.outputs).flatMap((o) => o.imports.map((i) => i.path));
  const found = forbid.filter(
    (name) => imported.includes(name) || inputs.some((path) => path.includes(`node_modules/${name}/`)),
  );
  if (found.length > 0) {
    throw new Error(
      `${out} contains ${found.join(', ')}, which its layer may not load (scripts/build.mjs, ARCHITECTURE.md).`,
    );
  }
  await writeFile(root + out + '.meta.json', JSON.stringify(result.metafile));
}

await import('./build-panels.mjs');

/** Has packages required from files beside the bundle. */
function inOwnFiles(names) {
  return {
    name: 'in-own-files',
    setup({ onResolve }) {
      onResolve({ filter: new RegExp(`^(${names.join('|')})$`) }, ({ path }) => ({
        path: `./${path}.cjs`,
        external: true,
      }));
    },
  };
}
