import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { syncFolder, syncTree } from '../../../src/files/durable.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { temporaryFolder } from '../../trainer/tiny-run.ts';

it('a tree of files, folders and dangling links is synced', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a', 'b'), { recursive: true });
  writeFileSync(join(folder, 'a', 'b', 'file'), 'x');
  symlinkSync(join(folder, 'nowhere'), join(folder, 'a', 'link'));
  expect(() => syncTree(folder)).not.toThrow();
});

it.skipIf(process.platform === 'win32')('what is no folder is a problem, or says plainly what it lacks', async () => {
  const folder = temporaryFolder();
  await expect(syncFolder(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
  writeFileSync(join(folder, 'file'), '');
  await expect(syncFolder(join(folder, 'file', 'x'))).rejects.toBeInstanceOf(ProblemError);
  expect(existsSync(join(folder, 'nowhere'))).toBe(false);
});
