import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellQuote, shellQuotePath } from '../../../src/process/shell-quote.ts';
import { tempFolder } from '../runs/temp-folder.ts';

const HOSTILE = [
  '$(touch ran)',
  '`touch ran`',
  '; touch ran',
  "'; touch ran; '",
  '"; touch ran; "',
  "\\'; touch ran; \\'",
  'a\ntouch ran\n',
  '\u0003\ntouch ran\n',
  '\u001b[201~\ntouch ran\n',
  '\t\ttouch ran',
  '&& touch ran',
  '| touch ran',
  '> ran',
  '${IFS}touch${IFS}ran',
  '~/ran',
  '=ran',
  '* ? [a] {a,b}',
  '!touch ran',
  '# ran',
  '\\',
  '\\\\',
  "'",
  '',
  ' ',
  'ü „“ 商品 🛒',
  '\u009b2J',
];

const CHARACTERS = Array.from('$`"\'\\;&|<>(){}[]*?~!#=%- \n\t\u0003\u001bar/ü');

/** The words as a real shell reads them. */
function readBack(shell: string, words: readonly string[], cwd: string): string[] {
  const line = `printf '%s\\0' ${words.map((word) => shellQuote(word, 'linux')).join(' ')}`;
  return execFileSync(shell, ['-c', line], { cwd, encoding: 'utf8' }).split('\0').slice(0, -1);
}

const shells = ['/bin/sh', '/bin/bash', '/bin/zsh', '/usr/bin/fish'].filter((shell) => {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
});

describe.skipIf(process.platform === 'win32')('a word in a shell', () => {
  it.each(shells)('comes back from %s as it was, and nothing of it runs', (shell) => {
    const folder = tempFolder();
    expect(readBack(shell, HOSTILE, folder)).toEqual(HOSTILE);
    const word = fc.string({ unit: fc.constantFrom(...CHARACTERS) });
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        expect(readBack(shell, words, folder)).toEqual(words);
      }),
      { numRuns: 100, seed: 9 },
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is copied without a character that a terminal takes for a key', () => {
    for (const word of HOSTILE)
      expect(shellQuote(word, 'linux')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

it('stays readable where nothing needs quotes, and no path is an option', () => {
  for (const word of ['configs/quickstart.yml', '--set', 'data.locale=us', '20260102-030405-x-abcdef', '/a/b@c+d'])
    expect(shellQuote(word, 'linux')).toBe(word);
  expect(shellQuotePath('-rf.yml', 'linux')).toBe('./-rf.yml');
  expect(shellQuotePath('--x y', 'darwin')).toBe("'./--x y'");
  expect(shellQuotePath('-x.yml', 'win32')).toBe('.\\-x.yml');
});

describe('a word in PowerShell or cmd', () => {
  it.each([
    ['C:\\runs\\x.yml', 'C:\\runs\\x.yml'],
    ['C:\\my runs\\x.yml', '"C:\\my runs\\x.yml"'],
    ['C:\\my runs\\', '"C:\\my runs\\\\"'],
    ['$(calc).yml', '"`$(calc).yml"'],
    ['$env:X', '"`$env:X"'],
    ['a`n', '"a``n"'],
    ['a&calc', '"a&calc"'],
    ['a;calc', '"a;calc"'],
    ['a"&calc"', '"a""&calc"""'],
    ['a”;calc;“', '"a`”;calc;`“"'],
    ["it's", '"it\'s"'],
    ['@x', '"@x"'],
    ['a\ncalc', '"a$([char]10)calc"'],
    ['', '""'],
  ])('%j is %j', (word, quoted) => {
    expect(shellQuote(word, 'win32')).toBe(quoted);
  });
});
