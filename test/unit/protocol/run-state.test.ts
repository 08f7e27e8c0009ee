import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../src/protocol/events.ts';
import {
  foldEvents,
  lastStep,
  NO_EVENTS,
  remainingMs,
  throughput,
  trainedShare,
} from '../../../src/protocol/run-state.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Trains to step 25, crashes, goes on from 20 with another loss, ends. */
const resumedRun: RunEvent[] = [
  started(),
  ...range(1, 20).map((n) => step(n)),
  evaluation(20, { loss: 0.5 }),
  { type: 'checkpoint', t: 2, step: 20, name: 'step-000020', bytes: 1 },
  ...range(21, 25).map((n) => step(n)),
  evaluation(25, { loss: 0.4 }),
  { type: 'warning', t: 3, step: 24, problem: { code: 'a', message: 'b' } },
  { type: 'failed', t: 4, step: 25, problem: { code: 'loss-not-finite', message: 'NaN' } },
  { type: 'resumed', t: 5, fromStep: 20, pid: 2 },
  ...range(21, 30).map((n) => step(n, { loss: 7 })),
  evaluation(30, { loss: 0.6, isBest: false }),
  { type: 'trained', t: 6, step: 30, reason: 'early stopping', bestStep: 20 },
  ONE_OF_EACH.test,
  ONE_OF_EACH.comparison,
  { type: 'finished', t: 7, ms: 1 },
];

describe('foldEvents', () => {
  it('drops what a resumed run supersedes', () => {
    const state = foldEvents(NO_EVENTS, resumedRun);
    expect(state.status).toBe('finished');
    expect(state.steps.step).toEqual(range(1, 30));
    expect(state.steps.loss.slice(20)).toEqual(Array(10).fill(7));
    expect(state.evaluations.map((e) => e.step)).toEqual([20, 30]);
    expect(state.best?.step).toBe(20);
    expect(state.warnings).toEqual([]);
    expect(state.failed).toBeUndefined();
    expect(state.trained?.bestStep).toBe(20);
    expect(state.tests.bm25?.metrics).toEqual({ esci_ndcg: 0.7 });
    expect(state.comparisons['esci_ndcg']?.wins).toBe(3);
  });

  it('gives the same state however the events are cut into batches, and leaves each state as it was', () => {
    const whole = foldEvents(NO_EVENTS, resumedRun);
    for (const size of [1, 2, 7, 30]) {
      let state = NO_EVENTS;
      const seen: { state: typeof state; copy: string }[] = [];
      for (let i = 0; i < resumedRun.length; i += size) {
        state = foldEvents(state, resumedRun.slice(i, i + size));
        seen.push({ state, copy: JSON.stringify(state) });
      }
      expect(state).toEqual(whole);
      for (const { state: earlier, copy } of seen) expect(JSON.stringify(earlier)).toBe(copy);
    }
    expect(NO_EVENTS.steps.step).toEqual([]);
  });

  it('tells the status in between', () => {
    const statusAfter = (n: number) => foldEvents(NO_EVENTS, resumedRun.slice(0, n)).status;
    const failedAt = resumedRun.findIndex((e) => e.type === 'failed');
    expect([statusAfter(0), statusAfter(1), statusAfter(failedAt + 1), statusAfter(failedAt + 2)]).toEqual([
      'waiting',
      'running',
      'failed',
      'running',
    ]);
  });

  it('goes back to step 0 when a run is resumed from its beginning', () => {
    const state = foldEvents(NO_EVENTS, [started(), step(1), step(2), { type: 'resumed', t: 1, fromStep: 0, pid: 2 }]);
    expect([state.step, state.epoch, state.steps.step.length, lastStep(state)]).toEqual([0, 0, 0, undefined]);
  });

  it('obeys the lowest of several resumes', () => {
    const state = foldEvents(NO_EVENTS, [
      step(1, { loss: 1 }),
      step(2),
      step(3),
      { type: 'resumed', t: 1, fromStep: 2, pid: 2 },
      step(3),
      { type: 'resumed', t: 1, fromStep: 1, pid: 3 },
      step(2, { loss: 9 }),
    ]);
    expect([state.steps.step, state.steps.loss]).toEqual([
      [1, 2],
      [1, 9],
    ]);
  });

  it('keeps names that objects inherit as names', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const state = foldEvents(
      NO_EVENTS,
      names.map((metric) => ({ ...ONE_OF_EACH.comparison, metric })),
    );
    expect(Object.keys(state.comparisons)).toEqual(names);
    expect(Object.getPrototypeOf(state.comparisons)).toBe(Object.prototype);
  });

  it('takes 100,000 evaluations in batches without copying all of them for each', () => {
    let state = NO_EVENTS;
    for (let i = 1; i <= 100_000; i += 500) {
      state = foldEvents(
        state,
        range(i, i + 499).map((n) => evaluation(n)),
      );
    }
    expect(state.evaluations).toHaveLength(100_000);
  });

  it('replays a run of 60,000 steps from one batch', () => {
    const events = range(1, 60_000).map((n) => step(n));
    const state = foldEvents(NO_EVENTS, [started(), ...events]);
    expect(state.steps.ms.length).toBe(60_000);
    expect(lastStep(state)).toEqual(events.at(-1));
  });
});

describe('speed and time left', () => {
  it('counts steps and evaluations that are left', () => {
    const state = foldEvents(NO_EVENTS, [started(), ...range(1, 40).map((n) => step(n)), evaluation(40)]);
    expect(throughput(state)).toEqual({ pairs: 64, tokens: 1280 });
    // 60 steps of 0.5 s, 6 evaluations of 2 s, and two scorings of twice as many test queries.
    expect(remainingMs(state)).toBe(50_000);
    expect(trainedShare(state)).toBe(0.4);
  });

  it('counts down while the test queries are scored by both models', () => {
    const scoring = (phase: 'test' | 'pretrained' | 'export', done: number): RunEvent[] => [
      { type: 'progress', t: 1, phase, what: 'pairs', done, total: 100 },
    ];
    const trained = foldEvents(NO_EVENTS, [started(), step(1), evaluation(1), ONE_OF_EACH.trained]);
    const left = (events: readonly RunEvent[]) => remainingMs(foldEvents(trained, events));
    expect(left([])).toBe(8000);
    expect(left(scoring('test', 25))).toBe(7000);
    expect(left(scoring('pretrained', 50))).toBe(2000);
    expect(left(scoring('export', 0))).toBe(0);
  });

  it('is unknown before the first step, and nothing is said of a test without any evaluation', () => {
    expect(remainingMs(NO_EVENTS)).toBeUndefined();
    expect(throughput(NO_EVENTS)).toBeUndefined();
    expect(remainingMs(foldEvents(NO_EVENTS, [started()]))).toBeUndefined();
    expect(remainingMs(foldEvents(NO_EVENTS, [started(), step(1), ONE_OF_EACH.trained]))).toBe(0);
    expect(trainedShare(foldEvents(NO_EVENTS, [started({ totalSteps: 0 })]))).toBeUndefined();
  });

  it('follows a change of speed: only the latest 50 steps count', () => {
    const slow = range(1, 60).map((n) => step(n, { ms: 5000 }));
    const fast = range(61, 110).map((n) => step(n, { ms: 320 }));
    expect(throughput(foldEvents(NO_EVENTS, [started(), ...slow, ...fast]))?.pairs).toBeCloseTo(100);
  });
});
