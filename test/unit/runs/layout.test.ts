import { describe, expect, it } from 'vitest';
import { newRunId, parseRunId, parseStepName, runPaths, slugOf, stepName } from '../../../src/runs/layout.ts';

describe('run ids', () => {
  const now = new Date(2026, 0, 2, 3, 4, 5);

  it('are made of time, name and six hex digits, and can be taken apart again', () => {
    const id = newRunId('Everything at 7e-6', now, '00ff1a');
    expect(id).toBe('20260102-030405-everything-at-7e-6-00ff1a');
    expect(parseRunId(id)).toEqual({ createdAt: now, slug: 'everything-at-7e-6', hex: '00ff1a' });
  });

  it('differ for runs of the same second and name', () => {
    expect(new Set(Array.from({ length: 50 }, () => newRunId('x', now))).size).toBe(50);
  });

  it.each([
    ['Crème brûlée', 'creme-brulee'],
    ['Größe', 'gro-e'],
    ['日本語', 'run'],
    ['', 'run'],
    ['../../etc/passwd', 'etc-passwd'],
    ['--a--b--', 'a-b'],
    ['x'.repeat(39) + ' y', 'x'.repeat(39)],
    ['CON', 'con'],
  ])('make a slug of %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    expect(parseRunId(newRunId(name, now))?.slug).toBe(slugOf(name));
  });

  it.each([
    '',
    'x',
    '.trash',
    '20260102-030405-x',
    '20260102-030405-x-abcde',
    '20260102-030405--abcdef',
    '20260102-030405-X-abcdef',
  ])('are not %j', (name) => expect(parseRunId(name)).toBeUndefined());
});

describe('step names', () => {
  it('sort by step and can be read back', () => {
    expect(stepName(120)).toBe('step-000120');
    expect([stepName(9), stepName(1000), stepName(120)].sort()).toEqual(['step-000009', 'step-000120', 'step-001000']);
    for (const step of [0, 120, 1_234_567]) expect(parseStepName(`${stepName(step)}.f32`)).toBe(step);
    expect(parseStepName('step-12')).toBeUndefined();
    expect(parseStepName('step-000120.tmp.x')).toBeUndefined();
  });

  it('name the files of ARCHITECTURE.md', () => {
    expect(runPaths.devScores('r', 120).replaceAll('\\', '/')).toBe('r/rankings/dev/step-000120.f32');
    expect(runPaths.checkpoint('r', 120).replaceAll('\\', '/')).toBe('r/checkpoints/step-000120');
  });
});
