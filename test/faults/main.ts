/**
 * Makes what can go wrong go wrong, with the real trainer and command line, and asks each time whether the run can still be
 * brought to the same end: `npm run test:faults [-- --short] [--seed N] [--only PART,…] [--jobs N]`. The same seed draws the
 * same faults. Ends with a table and with exit code 1 when something was lost.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/data/random.ts';
import { Lost, Skipped } from './fault.ts';
import type { Fault } from './fault.ts';
import { FAULTS } from './faults.ts';
import { printTable } from './table.ts';
import type { Row } from './table.ts';
import { makeWorld } from './world.ts';
import type { World } from './world.ts';

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    /** Runs one try of each fault, by its number. */
    try: { type: 'string' },
  },
});
const seed = Number(values.seed);
const wanted = values.only.split(',').map((word) => word.trim());
const faults = FAULTS.filter(
  ({ name, tries }) => wanted.some((word) => name.includes(word)) && tries(values.short) > 0,
);

const folder = mkdtempSync(join(tmpdir(), 'esci-lab-faults-'));
const began = performance.now();
let isLost = false;
try {
  const world = await makeWorld(join(folder, 'world'));
  const rows: Row[] = [];
  for (const fault of faults) rows.push(await tryFault(world, fault));
  printTable(rows, { seed, seconds: (performance.now() - began) / 1000 });
  isLost = rows.some(({ lost, broken }) => lost.length + broken.length > 0);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
process.exitCode = isLost ? 1 : 0;

/** All tries of a fault, some at a time. */
async function tryFault(world: World, fault: Fault): Promise<Row> {
  const n = fault.tries(values.short);
  const row: Row = { name: fault.name, nTries: n, lost: [], broken: [], skipped: undefined, seconds: 0 };
  const start = performance.now();
  const indices = values.try === undefined ? Array.from({ length: n }, (_, i) => i) : [Number(values.try)];
  const next = indices.values();
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(next)));
  return { ...row, nTries: indices.length, seconds: (performance.now() - start) / 1000 };

  /** Takes the next try until there is none; several of these share the iterator. */
  async function work(next: IterableIterator<number>): Promise<void> {
    for (const index of next) await tryOnce(world, fault, index, row);
  }
}

async function tryOnce(world: World, fault: Fault, index: number, row: Row): Promise<void> {
  const own = join(folder, 'tries', `${FAULTS.indexOf(fault)}-${index}`);
  mkdirSync(own, { recursive: true });
  let what = '';
  const context = {
    ...{ world, folder: own, index, isShort: values.short },
    random: createRandom(seed, FAULTS.indexOf(fault), index),
    describe: (text: string) => (what = text),
  };
  try {
    await fault.run(context);
  } catch (error) {
    if (error instanceof Skipped) row.skipped = error.message;
    else if (error instanceof Lost) note('LOST', row.lost, error.message);
    else note('BROKEN', row.broken, error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  rmSync(own, { recursive: true, force: true, maxRetries: 5 });

  function note(word: string, list: string[], message: string): void {
    list.push(message);
    console.log(`${word}  ${fault.name}, try ${index}${what === '' ? '' : ` (${what})`}: ${message}`);
  }
}
