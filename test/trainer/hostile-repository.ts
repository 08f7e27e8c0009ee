import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A git checkout that wants to run programs, and what has run of it. */
export interface HostileRepository {
  readonly folder: string;
  readonly commit: string;
  /** Names of the keys, hooks and programs that were run. */
  ran(): string[];
}

/** Every key of git's configuration that names a program (git-config(1), gitattributes(5)), with a driver called `evil`. */
const KEYS = [
  'core.fsmonitor',
  'core.sshCommand',
  'core.pager',
  'core.editor',
  'core.askPass',
  'core.gitProxy',
  'core.alternateRefsCommand',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.evil.process',
  'diff.external',
  'diff.evil.textconv',
  'diff.evil.command',
  'merge.evil.driver',
  'mergetool.evil.cmd',
  'difftool.evil.cmd',
  'man.evil.cmd',
  'browser.evil.cmd',
  'gpg.program',
  'gpg.ssh.program',
  'gpg.ssh.defaultKeyCommand',
  'credential.helper',
  'sequence.editor',
  'pager.status',
  'pager.rev-parse',
  'interactive.diffFilter',
  'sendemail.smtpServer',
  'trailer.evil.command',
  'tar.evil.command',
  'remote.origin.uploadpack',
  'remote.origin.receivepack',
  'remote.origin.vcs',
  'uploadpack.packObjectsHook',
  'web.browser',
] as const;

/** Keys whose value is a program only behind a `!`. */
const ALIASES = ['alias.status', 'alias.rev-parse', 'submodule.evil.update'] as const;

const HOOKS = ['pre-commit', 'post-checkout', 'post-index-change', 'fsmonitor-watchman', 'reference-transaction'];

/** Names that this program starts programs by, and git. */
const PROGRAMS = ['git', 'ps', 'node', 'nvidia-smi', 'tail', 'systemd-inhibit', 'caffeinate'];

/** Makes a checkout in which every way to name a program leaves a mark once it is gone. Needs git. */
export function hostileRepository(folder: string): HostileRepository {
  const marks = join(folder, '.marks');
  mkdirSync(marks, { recursive: true });
  const git = (...args: string[]): string => execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8' });
  git('init', '--quiet');
  const tracked = join(folder, 'tracked.txt');
  writeFileSync(tracked, 'text\n');
  writeFileSync(join(folder, '.gitattributes'), '*.txt filter=evil diff=evil merge=evil\n');
  git('add', '.gitattributes', 'tracked.txt');
  git('-c', 'user.name=x', '-c', 'user.email=x@example.org', 'commit', '--quiet', '-m', 'first');
  const commit = git('rev-parse', 'HEAD').trim();
  // git compares a file's content, and so runs its filter, when its time has changed.
  utimesSync(tracked, 1_000_000_000, 1_000_000_000);

  const bin = join(folder, '.programs');
  mkdirSync(bin);
  const leave = (path: string, name: string): void => {
    writeFileSync(path, `#!/bin/sh\n: > '${join(marks, name)}'\nexit 1\n`);
    chmodSync(path, 0o755);
  };
  for (const hook of HOOKS) leave(join(bin, hook), `hook ${hook}`);
  for (const program of PROGRAMS) leave(join(folder, program), `program ${program}`);
  for (const key of [...KEYS, ...ALIASES]) leave(join(bin, key), key);
  const entry = (key: string, value: string): string => {
    const [, section, name, variable] = /^([^.]+)(?:\.(.+))?\.([^.]+)$/.exec(key)!;
    return `[${section}${name === undefined ? '' : ` "${name}"`}]\n\t${variable} = ${JSON.stringify(value)}\n`;
  };
  const config = [
    entry('core.hooksPath', bin),
    ...KEYS.map((key) => entry(key, join(bin, key))),
    ...ALIASES.map((key) => entry(key, `!${join(bin, key)}`)),
  ];
  appendFileSync(join(folder, '.git/config'), config.join(''));
  return { folder, commit, ran: () => readdirSync(marks).sort() };
}
