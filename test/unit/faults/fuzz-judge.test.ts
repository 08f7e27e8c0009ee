import { tmpdir } from 'node:os';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import type { FuzzFormat, Reader } from '../../faults/fuzz/format.ts';
import { judge } from '../../faults/fuzz/judge.ts';

function formatOf(read: Reader): FuzzFormat {
  const seeds = (): Uint8Array[] => [Uint8Array.of(1, 2, 3)];
  return { ending: 'x', parts: ['bytes'], seeds, arbitrary: () => fc.uint8Array(), words: [], readers: { read } };
}

async function verdictOn(read: Reader): Promise<string[]> {
  const { outcome, failures } = await judge(formatOf(read), Uint8Array.of(1), tmpdir());
  return failures.length === 0 ? [outcome] : failures.map(({ kind, message }) => `${kind} ${message}`);
}

const problem =
  (code: string): Reader =>
  () =>
    Promise.reject(new ProblemError({ code, message: 'm' }));

it.each<[string, Reader, string]>([
  ['a value', () => 1, 'value'],
  ['a problem', problem('broken-file'), 'problem'],
  ['what a border made of a bug', problem('bug'), 'untyped ProblemError: m'],
  ['an error', () => Promise.reject(new TypeError('no')), 'untyped TypeError: no'],
  // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- what is no error is thrown, too
  ['what is no error', () => Promise.reject('no'), 'untyped thrown: no'],
])('tells %s', async (_what, read, expected) => {
  expect(await verdictOn(read)).toEqual([expected]);
});

it('tells a reader that takes seconds of the processor', async () => {
  const busy: Reader = () => {
    const before = process.cpuUsage();
    while (process.cpuUsage(before).user + process.cpuUsage(before).system < 2.1e6);
  };
  expect(await verdictOn(busy)).toEqual([expect.stringMatching(/^slow \d+ ms$/)]);
});
