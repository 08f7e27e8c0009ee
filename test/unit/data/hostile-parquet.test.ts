import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HOSTILE, WHOLE } from './hostile-parquet.ts';
import { readInChild } from './read-in-child.ts';
import type { ChildOutcome } from './read-in-child.ts';

let folder: string;
let outcomes: ReadonlyMap<string, ChildOutcome>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'parquet-'));
  const names = [...Object.keys(HOSTILE), ...Object.keys(WHOLE)];
  const paths = names.map((_, i) => join(folder, `${i}.parquet`));
  names.forEach((name, i) => writeFileSync(paths[i]!, (HOSTILE[name] ?? WHOLE[name])![0]));
  const read = await readInChild(paths);
  outcomes = new Map(names.map((name, i) => [name, read[i]!]));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(Object.entries(HOSTILE))('%s', (name, [, problem]) => {
  const { code, message, cpuMs } = outcomes.get(name)!;
  expect(code).toMatch(/^data-/);
  expect(message).toMatch(problem);
  expect(message).not.toMatch(/undefined|NaN|\[object/);
  expect(cpuMs).toBeLessThan(10_000);
});

test.each(Object.entries(WHOLE))('%s can be read', (name, [, nCells]) => {
  expect(outcomes.get(name)).toMatchObject({ code: '', message: '', nCells });
});

test('none takes much memory', () => {
  expect(Math.max(...[...outcomes.values()].map(({ peakMb }) => peakMb))).toBeLessThan(512);
});
