import { describe, expect, it } from 'vitest';
import { progressText, runItem } from '../../../src/host/views/run-item.ts';
import type { RowContext } from '../../../src/host/views/run-item.ts';
import { runTooltip } from '../../../src/host/views/run-tooltip.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';
import { evaluation, started, step } from '../runs/events.ts';
import { liveRun, tested } from './runs.ts';

const HOUR = 3_600_000;
const context: RowContext = { baseline: undefined, placeInQueue: undefined, isStopping: false, now: 2 * HOUR };

describe('the row of a run', () => {
  it('shows headline and difference to its own pretrained model when there is no baseline', () => {
    const { description } = runItem(liveRun({ record: tested(0.8363, 0.857) }), context);
    expect(description).toBe('0.8570  ▲ +0.0207  2 h ago');
  });

  it('shows the difference to the run that its own experiment names', () => {
    const test = { ...tested(0.8363, 0.857).test, baseline: { esci_ndcg: 0.85 } };
    const { description } = runItem(liveRun({ record: { ...tested(0.8363, 0.857), test, baseline: 'b' } }), context);
    expect(description).toBe('0.8570  ▲ +0.0070 own baseline  2 h ago');
    const untrained = { pretrained: { esci_ndcg: 0.84 }, baseline: { esci_ndcg: 0.85 } };
    const evaluation = liveRun({ record: { ...tested(0, 0), job: 'evaluate', test: untrained } });
    expect(runItem(evaluation, context).description).toBe('0.8400  ▼ −0.0100 own baseline  2 h ago');
  });

  it('shows the difference to the baseline run, with a true minus', () => {
    const baseline = liveRun({ id: 'b', record: tested(0.8, 0.86), annotation: { isBaseline: true } }).run;
    const { description } = runItem(liveRun({ record: tested(0.8363, 0.857) }), { ...context, baseline });
    expect(description).toBe('0.8570  ▼ −0.0030  2 h ago');
  });

  it('shows no difference to a baseline on other data, and says why in the tooltip', () => {
    const marked = liveRun({ id: 'b', record: tested(0.8, 0.86, 'other'), annotation: { isBaseline: true } });
    const live = liveRun({ record: tested(0.8363, 0.857) });
    expect(runItem(live, { ...context, baseline: marked.run }).description).toBe('0.8570  2 h ago');
    expect(runTooltip(live, { baseline: marked, get: () => undefined })).toContain('other data');
  });

  it('marks the baseline and generated data in words', () => {
    const record = tested(0.8, 0.86);
    const data = { ...record.data!, isSynthetic: true };
    const row = runItem(liveRun({ record: { ...record, data }, annotation: { isBaseline: true } }), context);
    expect(row.description).toBe('0.8600  baseline  synthetic  2 h ago');
    expect(row.icon).toBe('star-full');
  });

  it('tells the reason of a failure in its first sentence', () => {
    const problem = { code: 'x', message: 'loss not finite at step 412: found NaN. And more.' };
    const row = runItem(liveRun({ status: 'failed', record: { problem } }), context);
    expect(row.description).toBe('loss not finite at step 412');
    expect(row.contextValue.split(' ')).toEqual(expect.arrayContaining(['ended', 'resumable']));
  });

  it('offers to stop what is at work or waits, and nothing that cannot be done', () => {
    expect(runItem(liveRun({ status: 'running' }), context).contextValue.split(' ')).toContain('stoppable');
    const waiting = runItem(liveRun({ status: 'queued' }), { ...context, placeInQueue: 2 });
    expect(waiting.contextValue.split(' ')).toEqual(expect.arrayContaining(['waiting', 'stoppable']));
    expect(waiting.description).toBe('waiting, 2.');
    const finished = runItem(liveRun({ record: tested(0.8, 0.9) }), context).contextValue.split(' ');
    expect(finished).not.toContain('stoppable');
    expect(finished).not.toContain('resumable');
  });

  it('lets a run be deleted that waits nowhere and never began', () => {
    const created = (createdAt: number) => runItem(liveRun({ status: 'queued', record: { createdAt } }), context);
    expect(created(HOUR)).toMatchObject({ description: 'never began  1 h ago' });
    expect(created(HOUR).contextValue.split(' ')).toContain('ended');
    expect(created(2 * HOUR - 1000)).toMatchObject({ description: 'starting' });
    expect(created(2 * HOUR - 1000).contextValue.split(' ')).not.toContain('ended');
  });

  it('tells a screen reader the status in words', () => {
    expect(runItem(liveRun({ status: 'crashed', record: { lastStep: 7 } }), context).spoken).toMatch(
      /^crashed: quickstart, ended without a word\s+at step 7/,
    );
  });
});

describe('progress', () => {
  it('tells share, latest dev metric and time left', () => {
    const steps = Array.from({ length: 37 }, (_, i) => step(i + 1, { ms: 1000 }));
    const events = [started(), ...steps, evaluation(30, { metrics: { esci_ndcg: 0.8713 }, ms: 0 })];
    expect(progressText(foldEvents(NO_EVENTS, events))).toBe('37 %  dev 0.8713  1m 03s left');
  });

  it('names what is done before the training', () => {
    const progress = { type: 'progress', t: 1, phase: 'data', what: 'rows', done: 5, total: 10 } as const;
    expect(progressText(foldEvents(NO_EVENTS, [progress]))).toBe('reading data 50 %');
    expect(progressText(undefined)).toBe('starting');
  });
});

const NO_RUNS = { baseline: undefined, get: () => undefined };

describe('the tooltip', () => {
  it('says what the difference refers to: pretrained model, named or marked baseline', () => {
    const own = { ...tested(0.8, 0.9).test, baseline: { esci_ndcg: 0.85 } };
    const live = liveRun({ record: { ...tested(0.8, 0.9), test: own, baseline: 'b' } });
    const base = liveRun({ id: 'b', record: tested(0.8, 0.85), annotation: { title: 'the paper' } });
    expect(runTooltip(liveRun({ record: tested(0.8, 0.9) }), NO_RUNS)).toContain(
      '+0.1000 against its pretrained model',
    );
    expect(runTooltip(live, NO_RUNS)).toContain('+0.0500 against its baseline b');
    const get = (runDir: string) => (runDir === '/runs/b' ? base : undefined);
    expect(runTooltip(live, { baseline: undefined, get })).toContain('+0.0500 against its baseline the paper');
    const marked = liveRun({ id: 'c', name: 'starred', record: tested(0.8, 0.88), annotation: { isBaseline: true } });
    expect(runTooltip(live, { baseline: marked, get })).toContain('+0.0200 against starred');
  });

  it('has the test table, and lets no text of a run become a link', () => {
    const evil = '[click](command:evil)\n\n![x](https://example.org/seen.png) <b> `a` $(zap) &lt; https://example.org';
    const test = { 'fine-tuned': { [evil]: 0.9 } };
    const problem = { code: 'x', message: evil, where: evil, next: evil };
    const machine = { platform: evil, arch: evil, cpu: evil, nCores: 1, memoryBytes: 1, node: evil };
    const annotation = { title: evil, note: evil, tags: [evil] };
    const hostile = liveRun({ name: evil, status: 'failed', record: { test, problem, machine }, annotation });
    expect(runTooltip(hostile, NO_RUNS)).not.toMatch(/(?<!\\)[[\]<`!&$]|(?<!\\)\(command|https:/);
    const live = liveRun({ record: tested(0.8, 0.9), annotation: { note: '[click](command:evil)' } });
    const text = runTooltip(live, NO_RUNS);
    expect(text).toContain('| Test | ESCI nDCG |');
    expect(text).toContain('| fine-tuned | 0.9000 |');
    expect(text).not.toContain('[click](');
  });
});
