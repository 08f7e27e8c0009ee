import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, programFolders, programPaths } from '../../../src/files/find-program.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const windows = (path: string, systemRoot?: string) => ({ platform: 'win32', path, systemRoot });

describe('the folders of programs', () => {
  it('are the absolute ones of PATH', () => {
    const path = ':/usr/bin:.:bin::./bin:../bin:~/bin:/opt/my tools:/usr/bin:';
    expect(programFolders({ platform: 'linux', path })).toEqual(['/usr/bin', '/opt/my tools']);
    expect(programFolders({ platform: 'darwin', path: '' })).toEqual([]);
  });

  it('are on Windows the system’s own, then the absolute ones of PATH', () => {
    const path =
      ';.;"C:\\Program Files\\x";D:tools;\\tools;tools;.\\bin;%USERPROFILE%\\bin;\\\\host\\share;E:/e;//host/x';
    const system = ['C:\\WINDOWS\\System32', 'C:\\WINDOWS\\System32\\WindowsPowerShell\\v1.0'];
    expect(programFolders(windows(path, 'C:\\WINDOWS'))).toEqual([
      ...system,
      'C:\\Program Files\\x',
      '\\\\host\\share',
      'E:/e',
    ]);
    for (const root of [undefined, '', 'Windows', '.', 'C:'])
      expect(programFolders(windows('', root))[0]).toBe('C:\\Windows\\System32');
    expect(programPaths('taskkill', windows('', 'D:\\W'))[0]).toBe('D:\\W\\System32\\taskkill.exe');
  });
});

describe.skipIf(process.platform === 'win32')('a program', () => {
  it('is found in the first folder that has one that can be run, never in the working folder', () => {
    const [folder, elsewhere] = [tempFolder(), tempFolder()];
    for (const place of [folder, elsewhere]) {
      writeFileSync(join(place, 'tool'), '#!/bin/sh\n');
      chmodSync(join(place, 'tool'), 0o755);
    }
    writeFileSync(join(folder, 'text'), '');
    chmodSync(join(folder, 'text'), 0o644);
    mkdirSync(join(folder, 'folder'));
    const before = process.cwd();
    process.chdir(folder);
    try {
      const find = (name: string, path: string) => findProgram(name, { platform: process.platform, path });
      expect(find('tool', '.::./:')).toBeUndefined();
      expect(find('tool', `.::${elsewhere}:${folder}`)).toBe(join(elsewhere, 'tool'));
      expect(find('text', folder)).toBeUndefined();
      expect(find('folder', folder)).toBeUndefined();
      expect(find('tool', '')).toBeUndefined();
    } finally {
      process.chdir(before);
    }
  });
});

it('is how the product starts every program: no code names one to the system', () => {
  const src = join(import.meta.dirname, '../../../src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const texts = files.map((name) => ({ name, text: readFileSync(join(src, name), 'utf8') }));
  const starting = texts.filter(({ text }) => text.includes('node:child_process'));
  expect(starting.length).toBeGreaterThan(4);
  for (const { name, text } of starting) {
    expect(text.match(/\b(?:spawn|execFile|exec|fork|run)(?:Sync)?\(\s*['"`][^)]*/g) ?? [], name).toEqual([]);
    expect(text.match(/\b(?:exec|execSync|shell: true)\b.*child_process/g) ?? [], name).toEqual([]);
  }
});
