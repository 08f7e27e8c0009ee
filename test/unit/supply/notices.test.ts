/** The licence texts in the extension's package, from the bundles of the present build. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleTransformers } from '../../../scripts/bundle-transformers.ts';
import { binaryNotices, compiledIn } from '../../../scripts/notices/binaries.ts';
import { builtMetafiles, shippedPackages } from '../../../scripts/notices/shipped-packages.ts';
import type { Metafile, ShippedPackage } from '../../../scripts/notices/shipped-packages.ts';
import { thirdPartyNotices } from '../../../scripts/notices/third-party-notices.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const ROOT = join(import.meta.dirname, '../../..');
const COPIED = ['onnxruntime-node', 'onnxruntime-common'];

let metafiles: readonly Metafile[];
let packages: readonly ShippedPackage[];

beforeAll(async () => {
  if (!existsSync(join(ROOT, 'dist/trainer.js.meta.json'))) {
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT });
  }
  metafiles = [...builtMetafiles(ROOT), await bundleTransformers(ROOT, join(tempFolder(), 'transformers.mjs'))];
  packages = shippedPackages(ROOT, metafiles, COPIED);
});

describe('the notices of the package', () => {
  it('have name, version, licence and full text of each package whose code is in a bundle', () => {
    const notices = thirdPartyNotices(ROOT, packages, ['libonnxruntime.so.1', 'onnxruntime_binding.node']);
    // Found without what is tested: the last package in the path of every file that a bundle holds.
    const paths = metafiles.flatMap(({ outputs }) =>
      Object.values(outputs).flatMap(({ inputs }) => Object.entries(inputs)),
    );
    const held = paths
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => path.split('node_modules/').slice(1).at(-1) ?? []);
    const names = new Set(
      held.map((path) =>
        path
          .split('/')
          .slice(0, path.startsWith('@') ? 2 : 1)
          .join('/'),
      ),
    );
    expect(names.size).toBeGreaterThan(15);
    for (const name of [...names, ...COPIED]) {
      const section = new RegExp(`^== ${name} \\d+\\.\\d+\\.\\S+ ==\nLicence: \\S+\n([\\s\\S]+?)(?=^== )`, 'm').exec(
        notices,
      )?.[1];
      expect(section, name).toMatch(/permission|permitted|licen[cs]ed?/i);
      expect(section!.length, name).toBeGreaterThan(500);
    }
    // What others have bundled into theirs, and whose code they have taken over.
    expect(notices).toMatch(/^== onnxruntime-web \S+ ==\nLicence: MIT\nInside of @huggingface\/transformers\.$/m);
    expect(notices).toContain('Copyright 2013 Google Inc, Apache License 2.0');
  });

  it('have the licences of the libraries inside of ONNX Runtime, of the version that is shipped', () => {
    const { version } = packages.find(({ name }) => name === 'onnxruntime-node')!;
    const notices = thirdPartyNotices(ROOT, packages, ['libonnxruntime.so.1']);
    const libraries = notices.slice(notices.indexOf(`== Compiled into ONNX Runtime ${version} ==`));
    for (const holder of ['The Dawn & Tint Authors', 'University of Illinois', 'Facebook', 'Intel Corporation']) {
      expect(libraries).toContain(holder);
    }
    expect(compiledIn(['onnxruntime_binding.node'], version)).toBeUndefined();
    expect(() => compiledIn(['onnxruntime.dll'], '0.0.1')).toThrow(/onnxruntime-0\.0\.1\.txt/);
  });

  it('name every model and data set that is bundled', () => {
    const notices = readFileSync(join(ROOT, 'THIRD-PARTY-NOTICES'), 'utf8');
    const models = readdirSync(join(ROOT, 'assets/models'));
    expect(models.length).toBeGreaterThan(0);
    for (const model of models) {
      expect(notices).toContain(`(assets/models/${model})`);
      expect(existsSync(join(ROOT, 'assets/models', model, 'LICENSE')), model).toBe(true);
    }
    expect(notices).toContain('bundled quickstart data');
  });

  it('refuse a package whose licence text nobody knows, and one whose text is its own now', () => {
    const root = tempFolder();
    const bundle = (name: string, files: Record<string, string>): Metafile => {
      const folder = join(root, 'node_modules', name);
      mkdirSync(folder, { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      return { outputs: { 'a.js': { inputs: { [`node_modules/${name}/index.js`]: { bytesInOutput: 1 } } } } };
    };
    writeFileSync(join(root, 'THIRD-PARTY-NOTICES'), 'ours\n');
    const manifest = (name: string): string => JSON.stringify({ name, version: '1.0.0', license: 'MIT' });
    const bare = bundle('bare', { 'package.json': manifest('bare'), 'index.js': '' });
    expect(() => thirdPartyNotices(root, shippedPackages(root, [bare], []), [])).toThrow(
      /No licence text is known of bare 1\.0\.0/,
    );
    const mended = bundle('onnxruntime-common', {
      'package.json': manifest('onnxruntime-common'),
      'index.js': '',
      LICENSE: 'MIT',
    });
    expect(() => thirdPartyNotices(root, shippedPackages(root, [mended], []), [])).toThrow(/has LICENSE now/);
    expect(() => binaryNotices(['libcuda.so.1'])).toThrow(/does not know/);
  });
});

describe('what is shipped', () => {
  it('is a runtime dependency, so that audits and SBOM see it', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const own = packages.filter(({ inside }) => inside === undefined);
    const unseen = own.filter(
      ({ folder }) => lock.packages[relative(ROOT, folder).replaceAll('\\', '/')]?.dev === true,
    );
    expect(unseen.map(({ name }) => name)).toEqual([]);
  });

  it('is in the SBOM, which npm writes in CycloneDX', () => {
    const out = join(tempFolder(), 'sbom.json');
    execFileSync(process.execPath, ['scripts/sbom.mjs', out], { cwd: ROOT });
    const sbom = JSON.parse(readFileSync(out, 'utf8')) as { bomFormat: string; components: { purl: string }[] };
    expect(sbom.bomFormat).toBe('CycloneDX');
    const purls = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl)));
    const own = packages.filter(({ inside }) => inside === undefined);
    expect(own.filter(({ name, version }) => !purls.has(`pkg:npm/${name}@${version}`)).map(({ name }) => name)).toEqual(
      [],
    );
  });
});
