import { describe, expect, it } from 'vitest';
import { keepAwakeCommand } from '../../../src/process/keep-awake.ts';

describe('keeping a machine awake', () => {
  it('ends with the process on every platform that has a means for it', () => {
    const find = (name: string) => `/bin/${name}`;
    expect(keepAwakeCommand('darwin', 42, find)).toEqual({ command: '/bin/caffeinate', args: ['-i', '-w', '42'] });
    const linux = keepAwakeCommand('linux', 42, find)!;
    expect(linux.command).toBe('/bin/systemd-inhibit');
    expect(linux.args).toEqual(expect.arrayContaining(['--what=sleep:idle', '/bin/tail', '--pid=42']));
    const windows = keepAwakeCommand('win32', 42, find)!;
    expect(windows.args.at(-1)).toMatch(/SetThreadExecutionState.*Wait-Process -Id 42$/);
    expect(windows.command).toBe('/bin/powershell');
    expect(keepAwakeCommand('aix', 42, find)).toBeUndefined();
  });
  it('is left out where the system has no program for it', () => {
    for (const platform of ['darwin', 'linux', 'win32'])
      expect(keepAwakeCommand(platform, 42, () => undefined)).toBeUndefined();
  });
});
