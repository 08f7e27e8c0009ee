/**
 * Makes the extension's package for one platform: `npx tsx scripts/package.mjs [--target linux-x64]`. What goes in is listed
 * here and copied to .cache/vsix, so that nothing else can slip in. Expects a build in dist/.
 */
import { createVSIX } from '@vscode/vsce';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleTransformers } from './bundle-transformers.ts';
import { builtMetafiles, shippedPackages } from './notices/shipped-packages.ts';
import { thirdPartyNotices } from './notices/third-party-notices.ts';
import { writeSbom } from './sbom.mjs';

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

writeSbom(join(root, 'dist/sbom.cdx.json'));
for (const name of ['dist', 'assets', 'configs', 'LICENSE', 'CHANGELOG.md']) copy(name);
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

const transformers = 'dist/node_modules/@huggingface/transformers';
const metafile = await bundleTransformers(root, join(stage, transformers, 'index.mjs'));
writeFileSync(
  join(stage, transformers, 'package.json'),
  JSON.stringify({
    name: '@huggingface/transformers',
    version: versionOf('@huggingface/transformers'),
    main: 'index.mjs',
  }),
);
copy('node_modules/@huggingface/transformers/LICENSE', join(transformers, 'LICENSE'));

const copied = ['onnxruntime-node', 'onnxruntime-common'];
const packages = shippedPackages(root, [...builtMetafiles(root), metafile], copied);
const staged = readdirSync(join(stage, 'dist/node_modules'), { recursive: true }).filter((path) =>
  /package\.json$/.test(path),
);
const unnamed = staged
  .map((path) => JSON.parse(readFileSync(join(stage, 'dist/node_modules', path), 'utf8')).name)
  .filter((name) => name !== undefined && !packages.some((shipped) => shipped.name === name));
if (unnamed.length > 0) throw new Error(`The package would hold ${unnamed.join(', ')}, which its notices do not name.`);
writeFileSync(
  join(stage, 'THIRD-PARTY-NOTICES'),
  thirdPartyNotices(root, packages, readdirSync(join(native, binaries)).filter(isShipped)),
);

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
