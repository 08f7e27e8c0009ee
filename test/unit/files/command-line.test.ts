import { describe, expect, it } from 'vitest';
import {
  argumentsOf,
  parseProcCmdline,
  parsePsCommand,
  parseWindowsCommandLine,
} from '../../../src/files/command-line.ts';

const JOB = JSON.stringify({ kind: 'train', runDir: '/r/a "b" \\ c/ü', resume: false });

describe('what a process was started with', () => {
  it('is read of this process', async () => {
    expect(await argumentsOf(process.pid)).toBeDefined();
    expect(await argumentsOf(2 ** 30)).toBeUndefined();
  });

  it('on Linux is what lies between NULs', () => {
    expect(parseProcCmdline(`node\0/x/trainer.js\0\0${JOB}\0`)).toEqual(['/x/trainer.js', '', JOB]);
    expect(parseProcCmdline('')).toEqual([]);
    expect(parseProcCmdline('node\0')).toEqual([]);
  });

  it('from ps is whatever may be a last argument in JSON', () => {
    expect(parsePsCommand(`/usr/bin/node /a b/trainer.js ${JOB}\n`)).toEqual([JOB]);
    expect(parsePsCommand('/a {b/node x.js {"a": {"b":1}}\n')).toEqual([
      '{b/node x.js {"a": {"b":1}}',
      '{"a": {"b":1}}',
      '{"b":1}}',
    ]);
    expect(parsePsCommand('\n')).toEqual([]);
  });

  it('on Windows is parsed as a C program does', () => {
    // The table of examples in Microsoft's documentation of argument parsing, and what Node makes of JSON.
    for (const [line, expected] of [
      ['x.exe "a b c" d e', ['a b c', 'd', 'e']],
      ['x.exe "ab\\"c" "\\\\" d', ['ab"c', '\\', 'd']],
      ['x.exe a\\\\\\b d"e f"g h', ['a\\\\\\b', 'de fg', 'h']],
      ['x.exe a\\\\\\"b c d', ['a\\"b', 'c', 'd']],
      ['x.exe a\\\\\\\\"b c" d e', ['a\\\\b c', 'd', 'e']],
      ['"C:\\Program Files\\node.exe" "" \t y ', ['', 'y']],
      [
        '"C:\\node.exe" C:\\t.js "{\\"kind\\":\\"train\\",\\"runDir\\":\\"C:\\\\a b\\"}"',
        ['C:\\t.js', '{"kind":"train","runDir":"C:\\\\a b"}'],
      ],
      ['', []],
    ] as const)
      expect(parseWindowsCommandLine(line), line).toEqual(expected);
  });
});
