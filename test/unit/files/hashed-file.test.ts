import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hashFile, writeHashedFile } from '../../../src/files/hashed-file.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { temporaryFolder } from '../../trainer/tiny-run.ts';

const folder = temporaryFolder();
const parts = [Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(2 ** 23 + 3, 7), Buffer.from('z')];

describe('a hashed file', () => {
  it('holds its parts, and the digest is that of the whole', () => {
    const path = join(folder, 'parts');
    const digest = writeHashedFile(path, parts);
    const whole = readFileSync(path);
    expect(whole.equals(Buffer.concat(parts))).toBe(true);
    expect(digest).toEqual({ bytes: whole.length, sha256: createHash('sha256').update(whole).digest('hex') });
    expect(hashFile(path)).toEqual(digest);
  });

  it('may be empty', () => {
    const path = join(folder, 'empty');
    expect(writeHashedFile(path, [])).toEqual(hashFile(path));
  });

  it('that is missing, a folder or a pipe is a problem', () => {
    const pipe = join(folder, 'pipe');
    const paths = [join(folder, 'nowhere'), folder];
    if (spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]).status === 0) paths.push(pipe);
    for (const path of paths) {
      expect(problemOf(() => hashFile(path))).toMatchObject({ code: 'cannot-read', where: path });
    }
  });

  it('where a folder is, or under a file, is a problem', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    mkdirSync(join(folder, 'inner'));
    for (const path of [join(folder, 'inner'), join(file, 'x')]) {
      expect(problemOf(() => writeHashedFile(path, parts))).toMatchObject({ code: 'cannot-write', where: path });
    }
  });

  it.skipIf(!existsSync('/dev/full'))('that the disk has no room for is a problem', () => {
    const path = join(folder, 'full');
    symlinkSync('/dev/full', path);
    expect(problemOf(() => writeHashedFile(path, parts))).toMatchObject({ code: 'disk-full', where: path });
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
  });

  it.skipIf(process.platform === 'win32')(
    'above the limit of file sizes is a problem, and nothing of it is left',
    () => {
      const limited = join(folder, 'limited');
      mkdirSync(limited);
      const script = fileURLToPath(new URL('../../fixtures/process/write-limited.mjs', import.meta.url));
      const tsx = fileURLToPath(new URL('../../../node_modules/.bin/tsx', import.meta.url));
      const child = spawnSync('sh', ['-c', 'ulimit -f 100; "$0" "$1" "$2"', tsx, script, join(limited, 'x')], {
        encoding: 'utf8',
      });
      expect(child.stderr).toBe('');
      expect(JSON.parse(child.stdout)).toMatchObject({ code: 'file-too-large', where: join(limited, 'x') });
      expect(readdirSync(limited)).toEqual([]);
    },
  );
});

function problemOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  return null;
}
