import { describe, expect, it } from 'vitest';
import { detailItems } from '../../../src/host/views/run-details.ts';
import { NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { liveRun, tested } from './runs.ts';

const comparison = { type: 'comparison', t: 1, metric: 'esci_ndcg', meanDelta: 0.05, p: 0.01 } as const;
const state = {
  ...NO_EVENTS,
  comparisons: { esci_ndcg: { ...comparison, interval: [0.01, 0.09] as const, wins: 3, ties: 1, losses: 1 } },
};

describe('the test metrics below a run', () => {
  it('go from the pretrained model to the fine-tuned one', () => {
    const [item] = detailItems(liveRun({ record: tested(0.8, 0.9) }).run, state);
    expect(item?.description).toBe('0.8000 → 0.9000  ▲ +0.1000');
    expect(item?.tooltip).toBe('Test set: pretrained → fine-tuned\n95 % interval [+0.0100, +0.0900]');
  });

  it('go from the baseline where the run has one, also for a run that only evaluates', () => {
    const base = { baseline: { esci_ndcg: 0.85 } };
    const [item] = detailItems(liveRun({ record: { test: { ...tested(0.8, 0.9).test, ...base } } }).run, state);
    expect(item?.description).toBe('0.8500 → 0.9000  ▲ +0.0500');
    expect(item?.tooltip).toContain('baseline → fine-tuned');
    const test = { pretrained: { esci_ndcg: 0.8 }, ...base };
    const [untrained] = detailItems(liveRun({ record: { job: 'evaluate', test } }).run, state);
    expect(untrained?.tooltip).toContain('baseline → pretrained');
  });

  it('stand alone where there is nothing to compare with', () => {
    const record = { job: 'evaluate', test: { pretrained: { esci_ndcg: 0.8 } } } as const;
    const [item] = detailItems(liveRun({ record }).run, NO_EVENTS);
    expect([item?.description, item?.tooltip]).toEqual(['0.8000', 'Test set']);
  });
});
