import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headCommit } from '../../../src/trainer/git-head.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const A = 'a'.repeat(40);
const B = '0123456789abcdef'.repeat(4);

/** A folder with these files, and a folder below it in which an experiment could lie. */
function checkout(files: Readonly<Record<string, string>>): { top: string; inside: string } {
  const top = join(tempFolder(), 'top');
  const inside = join(top, 'configs/deep');
  mkdirSync(inside, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, name)), { recursive: true });
    writeFileSync(join(top, name), text);
  }
  return { top, inside };
}

/** A pipe that nobody writes to. */
function makePipe(path: string): void {
  const command = 'mkfifo';
  execFileSync(command, [path]);
}

const commitOf = (files: Readonly<Record<string, string>>) => headCommit(checkout(files).inside);

describe('the commit of a checkout', () => {
  it('is that of a branch, loose or packed, or HEAD’s own', async () => {
    expect(await commitOf({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/refs/heads/main': `${A}\n` })).toBe(A);
    expect(await commitOf({ '.git/HEAD': `${B}\n` })).toBe(B);
    const packed = `# pack-refs with: peeled fully-peeled sorted\n${B} refs/heads/mai\n${A} refs/heads/main\n^${B}\n`;
    expect(await commitOf({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': packed })).toBe(A);
    const linked = { '.git/HEAD': 'ref: refs/heads/x\n', '.git/refs/heads/x': 'ref: refs/heads/y\n' };
    expect(await commitOf({ ...linked, '.git/refs/heads/y': A })).toBe(A);
  });

  it('of a worktree is found through the repository that it shares', async () => {
    const { top, inside } = checkout({
      'repository/HEAD': `${B}\n`,
      'repository/refs/heads/topic': `${A}\n`,
      'repository/worktrees/w/HEAD': 'ref: refs/heads/topic\n',
      'repository/worktrees/w/commondir': '../..\n',
    });
    writeFileSync(join(top, '.git'), `gitdir: ${join(top, 'repository/worktrees/w')}\n`);
    expect(await headCommit(inside)).toBe(A);
    writeFileSync(join(top, '.git'), 'gitdir: repository/worktrees/w');
    expect(await headCommit(inside)).toBe(A);
  });

  it('is unknown without a checkout, before the first commit, and with refs of another format', async () => {
    expect(await commitOf({})).toBeUndefined();
    expect(await headCommit('/no/such/folder')).toBeUndefined();
    expect(await commitOf({ '.git/HEAD': 'ref: refs/heads/main\n' })).toBeUndefined();
    expect(await commitOf({ '.git/HEAD': 'ref: refs/heads/.invalid\n', '.git/reftable/tables.list': 'x' })).toBe(
      undefined,
    );
  });

  it('is nothing but a commit, whatever the files say', async () => {
    const { top } = checkout({ 'secret/HEAD': 'a secret\n', 'secret/token': `${A}\n` });
    for (const head of [
      `ref: ../../secret/token`,
      `ref: refs/../../secret/token`,
      `ref: refs/heads/../../../secret/token`,
      `ref: refs\\..\\..\\secret\\token`,
      `ref: ${join(top, 'secret/token')}`,
      'ref: refs/heads/\0',
      'ref: refs/heads/loop',
      'x'.repeat(40),
      A.toUpperCase(),
      `${A}${A}`,
      '',
    ]) {
      const inside = checkout({ '.git/HEAD': head, '.git/refs/heads/loop': 'ref: refs/heads/loop' }).inside;
      expect(await headCommit(inside), head).toBeUndefined();
    }
    for (const file of [
      `gitdir: ${join(top, 'secret')}`,
      'gitdir: //host/share',
      'gitdir: \\\\host\\share',
      'gitdir: \0',
    ])
      expect(await commitOf({ '.git': file }), file).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')(
    'does not wait for pipes and devices, nor read what is too large',
    async () => {
      const pipe = checkout({ '.git/x': '' });
      makePipe(join(pipe.top, '.git/HEAD'));
      expect(await headCommit(pipe.inside)).toBeUndefined();
      rmSync(join(pipe.top, '.git'), { recursive: true });
      makePipe(join(pipe.top, '.git'));
      expect(await headCommit(pipe.inside)).toBeUndefined();
      const device = checkout({ '.git/x': '' });
      symlinkSync('/dev/zero', join(device.top, '.git/HEAD'));
      expect(await headCommit(device.inside)).toBeUndefined();
      const large = checkout({ '.git/HEAD': 'ref: refs/heads/main\n', '.git/packed-refs': '' });
      truncateSync(join(large.top, '.git/packed-refs'), 2 ** 34);
      appendFileSync(join(large.top, '.git/packed-refs'), `\n${A} refs/heads/main\n`);
      expect(await headCommit(large.inside)).toBeUndefined();
    },
  );
});
