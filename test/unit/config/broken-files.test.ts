import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lineCounter } from '../../../src/config/config-problem.ts';
import { parseExperiment } from '../../../src/config/check/parse-experiment.ts';
import { applyEdit } from '../../../src/config/edit/text-edit.ts';

const FIXTURES = new URL('../../fixtures/config/', import.meta.url).pathname;
const files = readdirSync(join(FIXTURES, 'broken')).toSorted();

describe('broken experiments', () => {
  it('covers thirty kinds at least', () => {
    expect(files.length).toBeGreaterThanOrEqual(30);
  });

  it.each(files)('%s: says what is wrong and where, in words', (file) => {
    const text = readFileSync(join(FIXTURES, 'broken', file), 'utf8');
    const parsed = parseExperiment(text, file);
    expect('experiment' in parsed).toBe(false);
    expect(parsed.problems.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    const placeOf = lineCounter(text);
    for (const problem of parsed.problems) {
      expect(problem.file).toBe(file);
      expect(problem.message).toContain('expected');
      expect(problem.message).not.toMatch(/undefined|\[object|YAMLException|Symbol/);
      expect(problem.start).toBeLessThanOrEqual(problem.end);
      expect(problem.end).toBeLessThanOrEqual(text.length);
      expect(placeOf(problem.start)).toEqual({ line: problem.line, column: problem.column });
    }
  });

  it.each(files)('%s: each fix repairs its problem and breaks nothing', (file) => {
    const text = readFileSync(join(FIXTURES, 'broken', file), 'utf8');
    const { problems } = parseExperiment(text, file);
    for (const { fix, code, path } of problems) {
      if (fix === undefined) continue;
      const after = parseExperiment(applyEdit(text, fix), file).problems;
      // A mended syntax lets the rest be judged, and a new section may lack more than one key.
      if (code !== 'yaml-syntax') expect(after.length).toBeLessThan(problems.length);
      const isSame = (p: (typeof problems)[number]) => p.code === code && p.path === path && p.start === fix.start;
      expect(after.filter(isSame)).toEqual([]);
    }
  });

  it('gives the problems of the golden file', async () => {
    const golden = files.map((file) => {
      const { problems } = parseExperiment(readFileSync(join(FIXTURES, 'broken', file), 'utf8'), file);
      return { file, problems };
    });
    await expect(`${JSON.stringify(golden, null, 1)}\n`).toMatchFileSnapshot(join(FIXTURES, 'broken-problems.json'));
  });
});
