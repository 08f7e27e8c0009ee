import { describe, expect, it } from 'vitest';
import { eventLine } from '../../../src/cli/format/format-event.ts';
import { plainStatus, statusLine } from '../../../src/cli/format/format-status.ts';
import { painter } from '../../../src/cli/format/paint.ts';
import type { RunEvent } from '../../../src/protocol/events.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { evaluation, ONE_OF_EACH, started, step } from '../runs/events.ts';

const plain = painter(false);
const stateOf = (...events: RunEvent[]) => foldEvents(NO_EVENTS, events);
const training = stateOf(started(), step(10), evaluation(10, { metrics: { esci_ndcg: 0.84211 } }), step(11));

describe('the status line', () => {
  it('says how far training is, how it goes and how long it takes', () => {
    // 89 steps of 500 ms, the evaluations at 20, 30 … 100 of 2 s, and two scorings of 20 test queries at the speed of 10 dev queries each.
    expect(statusLine(training, 200, plain)).toBe(
      'training   11 %  ━───────────  step  11/100  epoch 0.22  loss 0.09091  lr 1e-5    ESCI nDCG 0.8421    64 pairs/s  ETA 1m 11s',
    );
    expect(plainStatus(training)).toBe(
      'training   11 %  step  11/100  epoch 0.22  loss 0.09091  lr 1e-5    ESCI nDCG 0.8421    64 pairs/s  ETA 1m 11s',
    );
  });

  it('leaves out the least important parts where there is no room, and never exceeds the width', () => {
    for (let width = 1; width < 130; width++) {
      expect(statusLine(training, width, plain).length).toBeLessThanOrEqual(width);
    }
    expect(statusLine(training, 70, plain)).toBe('training   11 %  step  11/100  loss 0.09091  ETA 1m 11s');
    expect(statusLine(training, 30, plain)).toBe('training   11 %  step  11/100');
  });

  it('counts long work outside the steps, in bytes where it is bytes', () => {
    const progress = { type: 'progress', t: 1, phase: 'download', what: 'bytes of model.safetensors' } as const;
    expect(plainStatus(stateOf({ ...progress, done: 34e6, total: 68e6 }))).toBe(
      'downloading   50 %  34 MB/68 MB  model.safetensors',
    );
    expect(plainStatus(stateOf({ ...progress, what: 'rows', done: 1200, total: null }))).toBe(
      'downloading  1,200  rows',
    );
    expect(plainStatus(stateOf({ ...progress, phase: 'export', what: 'model', done: 0, total: 1 }))).toBe(
      'saving the model  model',
    );
  });

  it('is silent once a run has ended', () => {
    expect(plainStatus(stateOf(started(), step(1), { type: 'finished', t: 3, ms: 1 }))).toBeUndefined();
  });
});

describe('lines that stay', () => {
  const line = (event: RunEvent, ...before: RunEvent[]) => eventLine(event, stateOf(...before, event), plain);

  it('tell what a person reads again', () => {
    expect(line(started())).toBe('training on 1,600 pairs, 100 steps; 10 dev queries, 20 test queries; cpu, 2 threads');
    expect(line(started({ totalSteps: 0, threads: 0 }))).toBe('evaluating on 20 test queries; cpu, all cores');
    expect(line(evaluation(20), started())).toBe('step 20  epoch 0.40  dev loss 0.05000  ESCI nDCG 0.8000  best');
    expect(line(evaluation(20, { isBest: false, nWithoutImprovement: 2 }), started())).toBe(
      'step 20  epoch 0.40  dev loss 0.05000  ESCI nDCG 0.8000  no improvement 2 of 3',
    );
    expect(line({ ...ONE_OF_EACH.trained, step: 60, bestStep: 30 })).toBe(
      'trained 60 steps (early stopping); the best model, of step 30, is restored',
    );
    expect(line(ONE_OF_EACH.warning)).toBe('warning: The head is random.');
    expect(line({ ...ONE_OF_EACH.resumed, fromStep: 5 })).toBe('resumed from step 5');
  });

  it('leave out the checkpoint of an evaluation, and keep one of its own', () => {
    expect(line(ONE_OF_EACH.checkpoint, started(), evaluation(1))).toBeUndefined();
    expect(line({ ...ONE_OF_EACH.checkpoint, step: 7, name: 'step-000007', bytes: 68e6 }, started())).toBe(
      'checkpoint step-000007 (68 MB)',
    );
  });

  it('are few: steps, progress, heartbeats and ends leave none', () => {
    const silent = ['step', 'progress', 'system', 'test', 'comparison', 'stopped', 'finished', 'failed'] as const;
    expect(silent.map((type) => line(ONE_OF_EACH[type]))).toEqual(silent.map(() => undefined));
  });
});
