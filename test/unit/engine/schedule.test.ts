import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCHEDULERS, type SchedulerName } from '../../../src/config/options/names.ts';
import { schedules, warmupStepsOf } from '../../../src/engine/schedule.ts';

interface Row {
  readonly schedule: SchedulerName;
  readonly totalSteps: number;
  readonly warmupSteps: number;
  readonly factors: readonly number[];
}

// Made by test/oracle/schedules.py.
const rows = JSON.parse(readFileSync(new URL('../../fixtures/schedules.json', import.meta.url), 'utf8')) as Row[];

describe("schedules equal transformers' get_scheduler", () => {
  it('has rows of each', () => {
    for (const name of SCHEDULERS) expect(rows.filter(({ schedule }) => schedule === name).length).toBeGreaterThan(3);
  });

  it.each(rows)('$schedule over $totalSteps steps, $warmupSteps of them warm-up', ({ schedule, factors, ...point }) => {
    const found = factors.map((_, step) => schedules[schedule]({ ...point, step }));
    found.forEach((factor, step) => expect(factor, `step ${step}`).toBeCloseTo(factors[step]!, 12));
  });
});

it('rounds warm-up steps up, as transformers does', () => {
  expect([0, 0.1, 0.1, 1].map((ratio, i) => warmupStepsOf(ratio, [10, 10, 11, 5][i]!))).toEqual([0, 1, 2, 5]);
});
