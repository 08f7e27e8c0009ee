import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Damage } from '../../../src/data/parquet/damage.ts';
import { decompressZstd } from '../../../src/data/parquet/zstd/decompress.ts';
import { FIXTURES } from './fixtures.ts';
import { changes, mutate } from './mutate.ts';
import { tableText } from './table-text.ts';
import { cpuMs } from '../cpu-time.ts';

const FOLDER = join(FIXTURES, 'zstd');
const frames = readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name))] as const);
const text = tableText();

test.each(frames)('%s of the reference implementation', (_, frame) => {
  expect(Buffer.from(decompressZstd(frame, text.length)).equals(text)).toBe(true);
});

test.each(frames)('%s of another length is damage', (_, frame) => {
  for (const length of [0, 1, text.length - 1, text.length + 1]) {
    expect(() => decompressZstd(frame, length)).toThrow(Damage);
  }
});

describe('a frame of one block', () => {
  const frame = (...body: number[]): Uint8Array => {
    const head = (body.length << 3) | (2 << 1) | 1;
    return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38, head & 255, (head >> 8) & 255, head >> 16, ...body]);
  };

  test.each([
    // No literals, 98,047 sequences of 65,539 bytes each, and not a bit for any of them.
    ['of sequences without end', [0, 255, 255, 255, 0x54, 0, 0, 52, 1]],
    ['of literals that are not there', [0x0c, 255, 255, 0]],
    ['that copies from before its beginning', [0, 1, 0x54, 0, 2, 0, 0x13]],
    ['that repeats a table that is not there', [0, 1, 0xfc, 1]],
    ['that repeats a code that is not there', [3, 0, 0, 0]],
    ['of a code without symbols', [2, 0x40, 0, 128, 0]],
    ['in an unknown mode', [0, 1, 1, 1]],
    ['with bytes behind its end', [0, 0, 7]],
    ['of a symbol that no code has', [0, 1, 0x54, 36, 0, 0, 1]],
    ['of a stream without its mark', [0, 1, 0x54, 0, 0, 0, 0]],
  ])('%s is damage, soon', (_, body) => {
    const before = cpuMs();
    expect(() => decompressZstd(frame(...body), 2 ** 17)).toThrow(Damage);
    expect(cpuMs() - before).toBeLessThan(2000);
  });
});

test('changed frames are bytes or damage, soon', () => {
  const files = frames.map(([, frame]) => frame);
  const property = fc.property(fc.constantFrom(...files), changes, (frame, list) => {
    const before = cpuMs();
    try {
      expect(decompressZstd(mutate(frame, list), text.length)).toHaveLength(text.length);
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
    }
    expect(cpuMs() - before).toBeLessThan(2000);
  });
  fc.assert(property, { numRuns: Number(process.env['ESCI_MUTATIONS'] ?? 300), seed: 20260102, endOnFailure: true });
});
