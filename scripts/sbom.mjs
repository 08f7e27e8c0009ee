import { execSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(import.meta.dirname, '..');

/**
 * Writes what ESCI Lab is made of into a file, by `npm sbom` (CycloneDX). npm is asked about a copy of the manifest without its development
 * dependencies: with `--omit dev` it leaves out a package that a development tool needs as well, such as yaml.
 */
export function writeSbom(path) {
  const temporary = mkdtempSync(join(tmpdir(), 'esci-lab-sbom-'));
  try {
    // npm names the root of the SBOM after its folder.
    const cwd = join(temporary, 'esci-lab');
    mkdirSync(cwd);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ ...manifest, devDependencies: undefined }));
    for (const name of ['package-lock.json', '.npmrc']) copyFileSync(join(root, name), join(cwd, name));
    execSync('npm install --package-lock-only --offline --ignore-scripts', {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const sbom = execSync('npm sbom --sbom-format cyclonedx --package-lock-only', { cwd, encoding: 'utf8' });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sbom);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeSbom(process.argv[2] ?? join(root, 'dist/sbom.cdx.json'));
}
