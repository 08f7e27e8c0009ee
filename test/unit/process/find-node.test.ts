import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNode, majorOf, nodesInPath } from '../../../src/process/find-node.ts';
import { taskkillArgs } from '../../../src/process/signals.ts';
import { tempFolder } from '../runs/temp-folder.ts';

/** A folder with a program called node that says a version. */
function nodeThatSays(version: string): string {
  const folder = join(tempFolder(), 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, 'node'), `#!/bin/sh\necho '${version}'\n`);
  chmodSync(join(folder, 'node'), 0o755);
  return folder;
}

const editor = { platform: process.platform, execPath: '/opt/editor', isElectron: true };

describe.skipIf(process.platform === 'win32')('findNode', () => {
  it('takes the setting first', async () => {
    const command = join(nodeThatSays('v22.1.0'), 'node');
    expect(await findNode(` ${command} `, { ...editor, path: '' })).toEqual({ command, env: {}, source: 'setting' });
  });

  it.each([
    ['v18.20.0', /This is Node v18.20.0; expected Node 20 or newer/],
    ['hello', /does not say a version of Node but “hello”/],
  ])('refuses a setting that says %s', async (says, message) => {
    const command = join(nodeThatSays(says), 'node');
    await expect(findNode(command, { ...editor, path: '' })).rejects.toMatchObject({
      problem: { code: 'no-node', where: command, message: expect.stringMatching(message) as string },
    });
  });

  it('refuses a setting that is no program', async () => {
    await expect(findNode('/no/such/node')).rejects.toMatchObject({ problem: { code: 'no-node' } });
  });

  it('takes no setting that depends on the working folder; a name is looked for in PATH', async () => {
    const folder = nodeThatSays('v22.1.0');
    const path = ['', '.', folder].join(delimiter);
    expect((await findNode('node', { ...editor, path })).command).toBe(join(folder, 'node'));
    for (const [setting, found] of [
      ['./node', /a relative path/],
      ['bin/node', /a relative path/],
      ['..\\node', /a relative path/],
      ['nodejs', /no program of this name in PATH/],
    ] as const) {
      const message = expect.stringMatching(found) as string;
      const problem = { code: 'no-node', where: setting, message };
      await expect(findNode(setting, { ...editor, path })).rejects.toMatchObject({ problem });
    }
  });

  it('takes the Node it runs on in a terminal', async () => {
    const around = { ...editor, isElectron: false, execPath: process.execPath, path: nodeThatSays('v22.1.0') };
    expect(await findNode(undefined, around)).toEqual({ command: process.execPath, env: {}, source: 'own' });
    expect((await findNode('')).command).toBe(process.execPath);
  });

  it('takes the first new enough Node of PATH in an editor, else the editor as Node', async () => {
    const old = nodeThatSays('v16.0.0');
    const good = nodeThatSays('v20.11.1');
    const path = [join(good, 'missing'), '', old, good, nodeThatSays('v24.0.0')].join(delimiter);
    expect(await findNode(undefined, { ...editor, path })).toEqual({
      command: join(good, 'node'),
      env: {},
      source: 'PATH',
    });
    expect(await findNode(undefined, { ...editor, path: old })).toEqual({
      command: '/opt/editor',
      env: { ELECTRON_RUN_AS_NODE: '1' },
      source: 'editor',
    });
  });
});

describe('what differs by system', () => {
  it('is read without it', () => {
    expect([majorOf('v20.20.2\n'), majorOf('20.1'), majorOf('')]).toEqual([20, NaN, NaN]);
    expect(nodesInPath({ path: '"C:\\no such";;', platform: 'win32' })).toEqual([]);
    expect(taskkillArgs(12, true)).toEqual(['/PID', '12', '/T', '/F']);
    expect(taskkillArgs(12, false)).toEqual(['/PID', '12', '/T']);
  });
});
