/** No text of a run folder, a file or a command line makes a terminal do anything. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { painted, painter } from '../../../src/cli/format/paint.ts';
import { jsonText } from '../../../src/cli/terminal.ts';
import { cli } from './cli-run.ts';
import type { CliOptions } from './cli-run.ts';
import { hostileFolder, hostileRun, PLANTED } from './hostile-run.ts';

/** What the program itself writes: its colours, and an emptied line. */
const OWN = /\u001b\[(?:1|2|22|31|32|33|36|39)m|\r\u001b\[2K/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** A screen with colours, a pipe, and a pipe into a program that shows colours. */
const SCREENS: readonly CliOptions[] = [{ isScreen: true, width: 80, hasColours: true }, {}, { hasColours: true }];

async function controlsOf(args: readonly string[], options: CliOptions): Promise<{ found: string[]; text: string }> {
  const { out, err } = await cli(args, options);
  const text = out + err;
  const own = options.hasColours || options.isScreen ? text.replace(OWN, '') : text;
  return { found: own.match(CONTROL) ?? [], text };
}

const runs = mkdtempSync(join(tmpdir(), 'esci-lab-'));
afterAll(() => rmSync(runs, { recursive: true, force: true }));
const finished = await hostileRun(join(runs, 'a'), 'finished');
const failed = await hostileRun(join(runs, 'b'), 'failed');
hostileFolder(join(runs, 'b'));
const yaml = join(runs, 'bad.yml');
writeFileSync(
  yaml,
  `model: { "\u202enam": 1, name: "a\\e[2Jb" }\ndata: { uri: x }\nhyperparameters: { loss_function: "\\e]0;x\\a" }\n`,
);
const qrels = join(runs, 'qrels');
writeFileSync(qrels, `q${PLANTED.replaceAll('\r', '')} 0 d 1\n`);

const COMMANDS: readonly (readonly string[])[] = [
  ['runs', '--runs', join(runs, 'a')],
  ['runs', '--runs', join(runs, 'b')],
  ['runs', '--runs', `/no/such${PLANTED}`],
  ['show', finished.id, '--runs', join(runs, 'a')],
  ['show', failed.id, '--runs', join(runs, 'b')],
  ['show', finished.id, '--follow', '--runs', join(runs, 'a')],
  ['show', failed.id, '--follow', '--runs', join(runs, 'b')],
  ['show', finished.id, '--queries', '--runs', join(runs, 'a')],
  ['show', finished.id, '--queries', '--metric', PLANTED, '--runs', join(runs, 'a')],
  ['show', finished.id, '--query', 'query', '--runs', join(runs, 'a')],
  ['show', finished.id, '--query', `q1${PLANTED}`, '--runs', join(runs, 'a')],
  ['show', PLANTED, '--runs', join(runs, 'a')],
  ['stop', PLANTED, '--runs', join(runs, 'a')],
  ['resume', finished.id, '--runs', join(runs, 'a')],
  ['validate', yaml, '--runs', runs],
  ['validate', `/no/such${PLANTED}`],
  ['start', yaml, '--set', `${PLANTED}=1`, '--runs', runs],
  ['metrics', '--qrels', qrels, '--run', qrels],
  [`command${PLANTED}`],
  ['runs', `--${PLANTED}`],
];

describe('a terminal', () => {
  it.each(COMMANDS.map((words) => ({ words, name: words[0]!.slice(0, 10) })))(
    'is shown nothing that it would obey by $name',
    async ({ words }) => {
      for (const screen of SCREENS) {
        const { found, text } = await controlsOf(words, screen);
        expect(found, JSON.stringify(text)).toEqual([]);
        expect(text.length).toBeGreaterThan(0);
      }
    },
  );

  it('is shown what was planted as text', async () => {
    const { out } = await cli(['show', failed.id, '--runs', join(runs, 'b')], { hasColours: true });
    expect(out).toContain('␛[31mred␛[0m');
    expect(out).toContain('␛]0;title␇');
    expect(out).toContain('<U+202E>gnp.exe');
    expect(out).toContain('<U+009B>2J');
    // Its own colours are colours.
    expect(out).toContain('\u001b[31mfailed:\u001b[39m');
  });

  it('takes a style from the program alone, not from a text that looks like one', () => {
    const paint = painter(true);
    const forged = paint('red', 'x').replaceAll(/[0-9a-f]{24}/g, '0'.repeat(24));
    expect(painted(forged)).not.toContain('\u001b');
    expect(painted(paint('red', `a${PLANTED}b`))).toMatch(/^\u001b\[31ma[^\u0000-\u001f]+b\u001b\[39m$/);
    expect(painted(painter(false)('red', 'a\tb\n'))).toBe('a\tb\n');
  });

  it('is given JSON that stays JSON, with every control escaped', async () => {
    for (const words of COMMANDS.slice(0, 16)) {
      const { out } = await cli([...words, '--json']);
      expect(out.match(CONTROL) ?? [], words[0]).toEqual([]);
      const isLines = words.includes('--follow');
      for (const line of isLines ? out.trimEnd().split('\n') : [out])
        if (line !== '') expect(() => JSON.parse(line) as unknown, line).not.toThrow();
    }
    const value = { [PLANTED]: [PLANTED], x: '\t\n"\\\u2028' };
    expect(JSON.parse(jsonText(value))).toEqual(value);
    expect(JSON.parse(jsonText(value, 2))).toEqual(value);
  });
});

it('names no run by what is not the name of one', async () => {
  for (const wanted of ['../../etc', '/etc', '..', '.', '', 'a/../b', '\0', 'x\0y', `../${finished.id}`, '.trash']) {
    const { code, err } = await cli(['show', wanted, '--runs', join(runs, 'a')]);
    expect([code, err], wanted).toEqual([2, expect.stringMatching(/^error: .*There is no run /s)]);
  }
  expect(existsSync(finished.runDir)).toBe(true);
});
