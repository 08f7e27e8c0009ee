/**
 * Makes what can go wrong go wrong, with the real trainer and command line, and asks each time whether the run can still be
 * brought to the same end; then feeds hostile inputs to everything that reads what others may have written:
 * `npm run test:faults [-- --short] [--seed N] [--only PART,… | --fuzz] [--jobs N]`. The same seed draws the same faults and inputs.
 * Ends with two tables, how many of their rows passed and failed, and with exit code 1 when one failed.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/data/random.ts';
import { Skipped } from './fault.ts';
import { Lost } from './lost.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { readOptions } from './fuzz/options.ts';
import { hasFailed } from './fuzz/report.ts';
import { hasLost, printTable } from './table.ts';
import type { Row } from './table.ts';
import { makeFixture } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    /** Faults whose names have one of these parts, and no hostile inputs. */
    only: { type: 'string' },
    /** Hostile inputs alone. */
    fuzz: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    /** Runs one try of each fault, by its number. */
    try: { type: 'string' },
  },
});
const seed = Number(values.seed);
const wanted = (values.only ?? '').split(',').map((word) => word.trim());
const faults = FAULTS.filter(
  ({ name, tries }) => wanted.some((word) => name.includes(word)) && tries(values.short) > 0,
);

/** For folders in which something may just be written. */
const GONE = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 } as const;

const rows = values.fuzz ? [] : await tryFaults();
const isFaultsOnly = values.only !== undefined || values.try !== undefined;
const tallies = isFaultsOnly
  ? []
  : await fuzz(readOptions(['--seed', values.seed, '--jobs', values.jobs, ...(values.short ? ['--short'] : [])]));
const failed = [...rows.map(hasLost), ...tallies.map(hasFailed)];
const nFailed = failed.filter(Boolean).length;
console.log(`\n${failed.length - nFailed} passed, ${nFailed} failed`);
process.exitCode = nFailed > 0 ? 1 : 0;

async function tryFaults(): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-faults-'));
  const began = performance.now();
  process.once('exit', () => rmSync(folder, GONE));
  const fixture = await makeFixture(join(folder, 'fixture'));
  const planned = faults.map((fault) => triesOf(fault, fixture, folder));
  /** All workers take from the one list: what waits, as a suspended trainer does, keeps nobody else waiting. */
  const next = planned.flatMap(({ tries }) => tries).values();
  await Promise.all(
    Array.from({ length: Number(values.jobs) }, async () => {
      for (const tryNext of next) await tryNext();
    }),
  );
  const rows = planned.map(({ row }) => row);
  printTable(rows, { seed, seconds: (performance.now() - began) / 1000 });
  return rows;
}

/** The tries of a fault that are asked for, with the row that they fill. */
function triesOf(
  fault: Fault,
  fixture: Fixture,
  folder: string,
): { readonly row: Row; readonly tries: readonly (() => Promise<void>)[] } {
  const indices =
    values.try === undefined ? Array.from({ length: fault.tries(values.short) }, (_, i) => i) : [Number(values.try)];
  const row: Row = { name: fault.name, nTries: indices.length, lost: [], broken: [], skipped: undefined, seconds: 0 };
  return { row, tries: indices.map((index) => () => tryOnce(fixture, join(folder, 'tries'), fault, index, row)) };
}

async function tryOnce(fixture: Fixture, tries: string, fault: Fault, index: number, row: Row): Promise<void> {
  const own = join(tries, `${FAULTS.indexOf(fault)}-${index}`);
  mkdirSync(own, { recursive: true });
  let what = '';
  const start = performance.now();
  const context = {
    ...{ fixture, folder: own, index, isShort: values.short },
    // By name: another fault in the table changes nothing about the others.
    random: createRandom(seed, index, ...Buffer.from(fault.name)),
    describe: (text: string) => (what = text),
  };
  try {
    await fault.run(context);
  } catch (error) {
    if (error instanceof Skipped) row.skipped = error.message;
    else if (error instanceof Lost) note('LOST', row.lost, error.message);
    else note('BROKEN', row.broken, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  row.seconds += (performance.now() - start) / 1000;
  // Where something was lost, a trainer may still be at work in the folder: what is left goes at the very end.
  await rm(own, GONE).catch(() => undefined);

  function note(word: string, list: string[], message: string): void {
    list.push(message);
    console.log(`${word}  ${fault.name}, try ${index}${what === '' ? '' : ` (${what})`}: ${message}`);
  }
}
