/**
 * Makes the extension's package for one platform: `node scripts/package.mjs [--target linux-x64]`. What goes in is listed
 * here and copied to .cache/vsix, so that nothing else can slip in. Expects a build in dist/.
 */
import { createVSIX } from '@vscode/vsce';
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '..');
const stage = join(root, '.cache/vsix');
const { values } = parseArgs({
  options: { target: { type: 'string', default: `${process.platform}-${process.arch}` } },
});
const { target } = values;
const [platform, arch] = target.split('-');
const binaries = join('bin/napi-v6', platform, arch);

const native = join(root, 'node_modules/onnxruntime-node');
if (!existsSync(join(native, binaries))) {
  const has = readdirSync(join(native, 'bin/napi-v6')).flatMap((name) =>
    readdirSync(join(native, 'bin/napi-v6', name)).map((cpu) => `${name}-${cpu}`),
  );
  console.error(`onnxruntime-node has no binary for ${target}; it has ${has.join(', ')}.`);
  process.exit(1);
}

rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
const copy = (from, to = from) => cpSync(join(root, from), join(stage, to), { recursive: true, filter: isShipped });

for (const name of ['dist', 'assets', 'configs', 'LICENSE', 'THIRD-PARTY-NOTICES', 'CHANGELOG.md']) copy(name);
if (existsSync(join(root, 'README.md'))) {
  // The editor shows no pictures of a package's own README: they are for the repository.
  writeFileSync(
    join(stage, 'README.md'),
    readFileSync(join(root, 'README.md'), 'utf8').replace(/<picture>.*?<\/picture>\n*/gs, ''),
  );
  rmSync(join(stage, 'assets/screenshots'), { recursive: true, force: true });
}

// Below dist/, where Node looks for the trainer's packages: vsce leaves out node_modules of the top.
const runtime = 'node_modules/onnxruntime-node';
for (const part of ['package.json', 'dist', binaries]) copy(join(runtime, part), join('dist', runtime, part));
for (const part of ['package.json', 'dist/cjs', 'dist/esm']) {
  copy(join('node_modules/onnxruntime-common', part), join('dist/node_modules/onnxruntime-common', part));
}

// The trainer checks each saved model with transformers.js. As one file without its image code, whose native library we never use.
const transformers = 'dist/node_modules/@huggingface/transformers';
await build({
  entryPoints: [join(root, 'node_modules/@huggingface/transformers/dist/transformers.node.mjs')],
  outfile: join(stage, transformers, 'index.mjs'),
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['onnxruntime-node', 'onnxruntime-common'],
  plugins: [withoutImages()],
  logLevel: 'warning',
});
writeFileSync(
  join(stage, transformers, 'package.json'),
  JSON.stringify({
    name: '@huggingface/transformers',
    version: versionOf('@huggingface/transformers'),
    main: 'index.mjs',
  }),
);
copy('node_modules/@huggingface/transformers/LICENSE', join(transformers, 'LICENSE'));

const DEVELOPMENT = ['scripts', 'dependencies', 'devDependencies', 'private', 'bin'];
const entries = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const manifest = Object.fromEntries(entries.filter(([key]) => !DEVELOPMENT.includes(key)));
writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);

const vsix = join(root, `${manifest.name}-${target}-${manifest.version}.vsix`);
await createVSIX({
  cwd: stage,
  packagePath: vsix,
  target,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
console.log(`${vsix}: ${megabytes(statSync(vsix).size)}, unpacked ${megabytes(sizeOf(stage))}`);
for (const name of readdirSync(stage)) console.log(`  ${name.padEnd(24)} ${megabytes(sizeOf(join(stage, name)))}`);

/** Replaces the image library by a function that fails: transformers.js asks for one when it is loaded, and nothing here calls it. */
function withoutImages() {
  return {
    name: 'without-images',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^sharp$/ }, () => ({ path: 'sharp', namespace: 'nothing' }));
      onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({
        contents: 'export default () => { throw new Error("Images are not supported here."); };',
      }));
    },
  };
}

function versionOf(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** Source maps, metafiles and type declarations are for developers. */
function isShipped(path) {
  return !/\.(map|d\.ts|d\.cts|meta\.json|tsbuildinfo)$/.test(path);
}

function sizeOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
