import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseQrels, parseRun } from '../../../src/metrics/trec/files.ts';
import { evaluateTrec } from '../../../src/metrics/trec/evaluate.ts';
import { selectMeasures } from '../../../src/metrics/trec/selection.ts';
import { FIXTURES } from './fixtures.ts';
import { WHOLE } from './hostile-parquet.ts';
import { changes, mutate } from './mutate.ts';
import { readAll } from './read-all.ts';
import { cpuMs } from '../cpu-time.ts';

/** More by the environment, to look for what a short run does not find. */
const RUNS = Number(process.env['ESCI_MUTATIONS'] ?? 300);
const SEED = Number(process.env['ESCI_MUTATIONS_SEED'] ?? 20260101);
const PARAMETERS = { numRuns: RUNS, seed: SEED, endOnFailure: true };
const MOST_CPU_MS = 2000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mutations-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Does the work and checks the processor time that it took. */
async function inTime(work: () => unknown): Promise<void> {
  const before = cpuMs();
  await work();
  expect(cpuMs() - before).toBeLessThan(MOST_CPU_MS);
}

function filesOf(...names: string[]): Buffer[] {
  const path = join(FIXTURES, ...names);
  return (extname(path) === '' ? readdirSync(path).map((name) => join(path, name)) : [path]).map((name) =>
    readFileSync(name),
  );
}

const FORMATS: Readonly<Record<string, readonly Buffer[]>> = {
  parquet: [
    ...filesOf('codecs'),
    ...filesOf('whole', 'hub', 'data'),
    ...Object.values(WHOLE)
      .map(([file]) => file)
      .filter(({ length }) => length < 10_000),
  ],
  csv: filesOf('whole', 'csv'),
  tsv: filesOf('whole', 'tsv'),
  jsonl: filesOf('whole', 'jsonl'),
};

/** Whatever became of its bytes, a file is read or is a problem: anything else fails here, and a rejection that nobody hears fails the run. */
describe.each(Object.entries(FORMATS))('changed bytes of %s', (ending, files) => {
  test('are values or a problem, soon', async () => {
    const path = join(folder, `changed.${ending}`);
    const property = fc.asyncProperty(fc.constantFrom(...files), changes, async (file, list) => {
      writeFileSync(path, mutate(file, list));
      await inTime(() => readAll(path));
    });
    await fc.assert(property, PARAMETERS);
  });
});

describe('changed lines of TREC files', () => {
  const qrels = Buffer.from(Array.from({ length: 40 }, (_, i) => `q${i % 3} 0 d${i} ${i % 4}\n`).join(''));
  const run = Buffer.from(Array.from({ length: 40 }, (_, i) => `q${i % 3} Q0 d${i} ${i} ${i / 7} tag\n`).join(''));
  const measures = selectMeasures(['all_trec']);

  test('are values or problems with their lines, soon', async () => {
    const property = fc.asyncProperty(changes, changes, (first, second) =>
      inTime(() => {
        const [left, right] = [parseQrels(mutate(qrels, first).toString()), parseRun(mutate(run, second).toString())];
        for (const parsed of [left, right]) if ('problems' in parsed) expect(parsed.problems.length).toBeGreaterThan(0);
        if (!('value' in left && 'value' in right && Array.isArray(measures))) return;
        for (const { summary } of evaluateTrec(left.value, right.value, measures).columns)
          expect(typeof summary).toBe('number');
      }),
    );
    await fc.assert(property, PARAMETERS);
  });

  test.each(['nan', '-nan', '0x10', '1e', '--1', '∞', 'constructor', ''])('a score of %j is a problem', (score) => {
    expect(parseRun(`q Q0 d 1 ${score} tag\n`)).toMatchObject({ problems: [{ line: 1 }] });
  });

  test('scores beyond every number are the highest and the lowest', () => {
    const parsed = parseRun('q Q0 a 1 1e999 t\nq Q0 b 1 -1e999 t\nq Q0 c 1 inf t\nq Q0 d 1 0 t\n');
    if (!('value' in parsed) || !Array.isArray(measures)) throw new Error('not read');
    expect(parsed.value.rankings.get('q')?.scores).toEqual([Infinity, -Infinity, Infinity, 0]);
    const judged = parseQrels('q 0 a 1\nq 0 c 1\nq 0 b 0\n');
    if (!('value' in judged)) throw new Error('not read');
    const { columns } = evaluateTrec(judged.value, parsed.value, measures);
    expect(columns.find(({ name }) => name === 'map')?.summary).toBe(1);
  });

  test('a line without end is a problem that is short to read', () => {
    for (const parsed of [parseRun('a '.repeat(10 ** 7)), parseQrels(`q 0 d 1\n${'x'.repeat(10 ** 7)}`)]) {
      expect(parsed).toMatchObject({ problems: [{ expected: 'a line of at most 65536 characters' }] });
      expect(JSON.stringify(parsed).length).toBeLessThan(1000);
    }
  });
});
