import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadJudgedData } from '../../../src/data/load-data.ts';
import { openTable } from '../../../src/data/open-table.ts';
import { FIXTURES, OPTIONS } from './fixtures.ts';
import { readInChild } from './read-in-child.ts';
import type { ChildOutcome } from './read-in-child.ts';

const MB = 2 ** 20;
const HEADER = 'query,product_id\n';
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const range = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));

/** File name → content (a function where it is large), and the problem that it has to be. */
const HOSTILE: Readonly<
  Record<string, readonly [content: Buffer | string | (() => Buffer | string), problem: RegExp]>
> = {
  'long-line.csv': [() => HEADER + 'a'.repeat(20 * MB), /more than 16777216 characters/],
  'long-line.jsonl': [() => `{"query":"${'a'.repeat(80 * MB)}"}`, /longer than 67108864 characters/],
  'open-quote.csv': [() => `${HEADER}"${'a,\n'.repeat(7 * MB)}`, /may not be closed/],
  'short-open-quote.csv': [`${HEADER}"a,b\nc,d\n`, /A quote is opened .* and nothing closes it/],
  'columns-200000.csv': [
    () => `${range(200_000, (i) => `c${i}`).join(',')}\n`,
    /This file has 200000 columns; expected at most 10000/,
  ],
  'column-twice.csv': [
    `${range(10_000, (i) => `c${i % 9999}`).join(',')}\n`,
    /The column "c0" appears twice; found "c0", "c1", .* and 9988 more/,
  ],
  'zeros.csv': [Buffer.alloc(1000), /a byte that is 0/],
  'zero-in-line-3.csv': [`${HEADER}a,b\nc,\0d\n`, /a byte that is 0/],
  'zeros.jsonl': [`{"query":"a"}\n${'\0'.repeat(100)}`, /a byte that is 0/],
  'utf-16.csv': [utf16(`${HEADER}a,b\n`), /a byte that is 0/],
  'utf-16-with-mark.csv': [Buffer.concat([Buffer.from([255, 254]), utf16(`${HEADER}a,b\n`)]), /UTF-16/],
  'gzip.csv': [gzipSync(`${HEADER}a,b\n`), /compressed with gzip/],
  'not-utf-8.csv': [Buffer.concat([Buffer.from(HEADER), Buffer.from([0x61, 0xff, 0x2c, 0x62, 10])]), /not UTF-8/],
  'cut-character.jsonl': [Buffer.concat([Buffer.from('{"query":"'), Buffer.from([0xe2, 0x82])]), /not UTF-8/],
  'deep.jsonl': ['['.repeat(100_000), /not JSON/],
  'deep-and-whole.jsonl': ['['.repeat(100_000) + ']'.repeat(100_000), /a list; expected one object/],
  'null.jsonl': ['null\n', /nothing \(null\); expected one object/],
};

/** Files that look odd and are not, with the number of cells that are not null. */
const WHOLE: Readonly<Record<string, readonly [content: Buffer | string | (() => Buffer | string), nCells: number]>> = {
  'mark.csv': [`\ufeff${HEADER}a,b\n`, 2],
  'what-every-object-has.jsonl': ['{"constructor":"a","__proto__":"b","toString":null}\n{"query":"c"}\n', 3],
  'deep-value.jsonl': [`{"query":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 1],
};

let folder: string;
let outcomes: ReadonlyMap<string, ChildOutcome>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'text-'));
  const names = [...Object.keys(HOSTILE), ...Object.keys(WHOLE)];
  const paths = names.map((name) => join(folder, name));
  names.forEach((name, i) => {
    const content = (HOSTILE[name] ?? WHOLE[name])![0];
    writeFileSync(paths[i]!, typeof content === 'function' ? content() : content);
  });
  const read = await readInChild(paths);
  outcomes = new Map(names.map((name, i) => [name, read[i]!]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(HOSTILE))('%s', (name, [, problem]) => {
  const { code, message, cpuMs } = outcomes.get(name)!;
  expect(code).toBe(name.startsWith('column') ? 'data-columns' : 'data-format');
  expect(message).toMatch(problem);
  expect(message.length).toBeLessThan(1000);
  expect(cpuMs).toBeLessThan(10_000);
});

test.each(Object.entries(WHOLE))('%s can be read', (name, [, nCells]) => {
  expect(outcomes.get(name)).toMatchObject({ code: '', message: '', nCells });
  expect(outcomes.get(name)!.cpuMs).toBeLessThan(10_000);
});

describe.skipIf(process.platform === 'win32')('what is no file', () => {
  test('a pipe that nobody writes to, a device without end, a folder', async () => {
    const paths = ['pipe.csv', 'device.jsonl', 'folder.parquet'].map((name) => join(folder, name));
    const [pipe, device, inside] = paths as [string, string, string];
    execFileSync('mkfifo', [pipe]);
    symlinkSync('/dev/zero', device);
    mkdirSync(inside);
    const problem = { code: 'data-unreadable', message: 'This is no regular file.' };
    expect(await readInChild(paths)).toMatchObject([problem, problem, problem]);
  });

  test('a folder with links in a circle is read once', async () => {
    const set = join(folder, 'circle');
    mkdirSync(set);
    for (const name of ['train', 'dev', 'test'])
      symlinkSync(join(process.cwd(), FIXTURES, 'whole', 'csv', `${name}.csv`), join(set, `${name}.csv`));
    symlinkSync('.', join(set, 'again'));
    symlinkSync('..', join(set, 'up'));
    symlinkSync('self', join(set, 'self'));
    const data = await loadJudgedData({ paths: [set] }, OPTIONS);
    expect([data.train.length, data.dev.length, data.test.length]).toEqual([5, 1, 2]);
  });
});

test('4,000 rows with other keys each take no more than their text', async () => {
  const path = join(folder, 'other-keys.jsonl');
  writeFileSync(path, range(4000, (row) => `{${range(100, (i) => `"k${row}_${i}":1`).join(',')}}`).join('\n'));
  const table = await openTable(path);
  expect(table.columns).toHaveLength(400_000);
  for await (const group of table.groups) {
    const valueAt = await group.column('k7_5');
    expect(range(group.nRows, valueAt).filter((value) => value !== null)).toEqual([1]);
  }
});

test('a folder of 10,001 folders is too much', async () => {
  const many = join(folder, 'many');
  mkdirSync(many);
  for (let i = 0; i < 10_001; i++) mkdirSync(join(many, `f${i}`));
  await expect(loadJudgedData({ paths: [many] }, OPTIONS)).rejects.toMatchObject({
    problem: { code: 'data-layout', message: 'There are more than 10000 files and folders here.' },
  });
});
