import { describe, expect, it } from 'vitest';
import { keepAwakeCommand } from '../../../src/process/keep-awake.ts';

describe('keeping a machine awake', () => {
  it('ends with the process on every platform that has a means for it', () => {
    expect(keepAwakeCommand('darwin', 42)).toEqual({ command: 'caffeinate', args: ['-i', '-w', '42'] });
    const linux = keepAwakeCommand('linux', 42)!;
    expect(linux.command).toBe('systemd-inhibit');
    expect(linux.args).toEqual(expect.arrayContaining(['--what=sleep:idle', '--pid=42']));
    const windows = keepAwakeCommand('win32', 42)!;
    expect(windows.args.at(-1)).toMatch(/SetThreadExecutionState.*Wait-Process -Id 42$/);
    expect(keepAwakeCommand('aix', 42)).toBeUndefined();
  });
});
