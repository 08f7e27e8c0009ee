import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { openLane } from '../../faults/fuzz/pool.ts';
import { startWorker } from '../../faults/fuzz/worker-process.ts';

const path = fileURLToPath(new URL('../../fixtures/process/hostile-worker.mjs', import.meta.url));
const lane = openLane(() => startWorker({ path, silenceMs: 1500 }));
afterEach(() => lane.close());

async function read(letters: string): Promise<string[]> {
  const inputs = Array.from(letters, (letter, index) => ({ index, bytes: Buffer.from(letter), isMutated: true }));
  const verdicts = await lane.read('csv', inputs);
  return verdicts.map(({ outcome, failures }) => failures[0]?.kind ?? outcome);
}

it('goes on behind an input that ends the process, or keeps it', async () => {
  expect(await read('vdvhv')).toEqual(['value', 'died', 'value', 'hung', 'value']);
});

it('counts a death that does not come again', async () => {
  expect(await read('lv')).toEqual(['value', 'died']);
});
