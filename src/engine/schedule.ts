import type { SchedulerName } from '../config/options/names.ts';

/** Progress of a run in optimiser steps. */
export interface SchedulePoint {
  /** 0 for the first step. */
  readonly step: number;
  readonly totalSteps: number;
  readonly warmupSteps: number;
}

type Schedule = (point: SchedulePoint) => number;

/** Factor on the peak learning rate, 0…1, as in transformers' `get_scheduler`. The first step of a warm-up has factor 0. */
export const schedules = {
  linear: ({ step, totalSteps, warmupSteps }) =>
    step < warmupSteps
      ? step / Math.max(1, warmupSteps)
      : Math.max(0, (totalSteps - step) / Math.max(1, totalSteps - warmupSteps)),
  constant: ({ step, warmupSteps }) => (step < warmupSteps ? step / Math.max(1, warmupSteps) : 1),
} as const satisfies Record<SchedulerName, Schedule>;

/** Warm-up steps of a ratio, rounded up as transformers does. */
export function warmupStepsOf(ratio: number, totalSteps: number): number {
  return Math.ceil(ratio * totalSteps);
}
