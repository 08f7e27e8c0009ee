import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES, FORMATS } from '../../faults/fuzz/formats.ts';
import { openInputs } from '../../faults/fuzz/inputs.ts';
import { minimise } from '../../faults/fuzz/minimise.ts';
import { printThrift, readThrift } from '../../faults/fuzz/thrift.ts';
import { filesBelow } from '../../faults/fuzz/formats/seeds.ts';

const N = 24;

describe.each(FORMAT_NAMES)('inputs of %s', (name) => {
  async function inputsOf(seed: number, indices: readonly number[]): Promise<readonly string[]> {
    const make = await openInputs(name, FORMATS[name], seed);
    return indices.map((index) => Buffer.from(make(index).bytes).toString('base64'));
  }

  it('are the same for the same seed in any order, and differ else', async () => {
    const indices = Array.from({ length: N }, (_, i) => i);
    const inputs = await inputsOf(1, indices);
    expect((await inputsOf(1, indices.toReversed())).toReversed()).toEqual(inputs);
    expect(await inputsOf(2, indices)).not.toEqual(inputs);
    expect(new Set(inputs).size).toBeGreaterThan(0.7 * N);
  });

  it('are mutations for the most part', async () => {
    const make = await openInputs(name, FORMATS[name], 1);
    const nMutated = Array.from({ length: N }, (_, i) => make(i)).filter(({ isMutated }) => isMutated).length;
    expect(nMutated).toBeGreaterThanOrEqual(N / 2);
  });
});

it('are shortened to what still fails', async () => {
  const isBad = (bytes: Uint8Array): Promise<boolean> => Promise.resolve(Buffer.from(bytes).includes('ab'));
  const shortest = await minimise(Buffer.from('xxxxxxxxabyyyyyyyyyyyyyy'), isBad, 200);
  expect(Buffer.from(shortest).toString()).toBe('ab');
});

it('of parquet keep their metadata when it is read and printed again', () => {
  for (const bytes of filesBelow('test/fixtures/data/codecs', '.parquet')) {
    const footer = bytes.subarray(bytes.length - 8 - Buffer.from(bytes).readUInt32LE(bytes.length - 8), -8);
    expect(Buffer.from(printThrift(readThrift(footer, 0).tree)).equals(footer)).toBe(true);
  }
});
