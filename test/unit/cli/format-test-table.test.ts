import { describe, expect, it } from 'vitest';
import { formatTestTable } from '../../../src/cli/format/format-test-table.ts';
import { painter } from '../../../src/cli/format/paint.ts';
import type { ComparisonEvent, RunEvent, TestEvent } from '../../../src/protocol/events.ts';
import type { RankerName } from '../../../src/vocabulary/ranker.ts';
import { foldEvents, NO_EVENTS } from '../../../src/protocol/run-state.ts';

const metrics = ['esci_ndcg', 'mrr@10'];
const VALUES: Readonly<Record<RankerName, readonly [number, number]>> = {
  random: [0.82, 0.7],
  bm25: [0.84, 0.8],
  pretrained: [0.85, 0.81],
  baseline: [0.88, 0.81],
  'fine-tuned': [0.8812, 0.8],
  ideal: [1, 1],
};

function test(ranker: RankerName, excluded: Readonly<Record<string, number>> = {}): TestEvent {
  const [first, second] = VALUES[ranker];
  return { type: 'test', t: 1, ranker, metrics: { esci_ndcg: first, 'mrr@10': second }, nQueries: 1200, excluded };
}

function comparison(metric: string, meanDelta: number, interval: [number, number], p: number): ComparisonEvent {
  return { type: 'comparison', t: 1, metric, meanDelta, interval, p, wins: 3, ties: 1, losses: 2 };
}

const COMPARED: RunEvent[] = [
  comparison(metrics[0]!, 0.0312, [0.0101, 0.052], 0.0004),
  comparison(metrics[1]!, -0.01, [-0.03, 0.002], 0.082),
];
const testsOf = (...rankers: readonly RankerName[]): RunEvent[] =>
  rankers.map((ranker) => test(ranker, { esci_ndcg: 1, 'mrr@10': 12 }));
const EVENTS: RunEvent[] = [...testsOf('random', 'bm25', 'pretrained', 'fine-tuned', 'ideal'), ...COMPARED];

function table(
  events: readonly RunEvent[],
  { width = 200, isSynthetic = false, baseline = undefined as string | undefined } = {},
): string[] {
  return formatTestTable(foldEvents(NO_EVENTS, events), { paint: painter(false), width, isSynthetic, baseline });
}

describe('the test table', () => {
  it('has floor, lexical, models, difference and ceiling side by side, and the exclusions below', () => {
    expect(table(EVENTS)).toEqual([
      'Test set, 1,200 queries',
      'metric     random    BM25  pretrained  fine-tuned  Δ [95 % interval]                                       ideal',
      'ESCI nDCG  0.8200  0.8400      0.8500      0.8812  +0.0312 [+0.0101, +0.0520] p < 0.001                   1.0000',
      'MRR@10     0.7000  0.8000      0.8100      0.8000  −0.0100 [−0.0300, +0.0020] p = 0.082, not significant  1.0000',
      'Δ is fine-tuned − pretrained.',
      '1 query counts 0 in ESCI nDCG.',
      '12 queries left out of MRR@10.',
    ]);
  });

  it('compares with the baseline where there is one, and says which run it is', () => {
    const lines = table([...testsOf('pretrained', 'baseline', 'fine-tuned', 'ideal'), ...COMPARED], {
      baseline: 'RUN',
    });
    expect(lines[1]).toMatch(/^metric +pretrained +baseline +fine-tuned +Δ \[95 % interval\] +ideal$/);
    expect(lines[2]).toMatch(/^ESCI nDCG +0\.8500 +0\.8800 +0\.8812 +\+0\.0312 .* 1\.0000$/);
    expect(lines.slice(4, 6)).toEqual(['Δ is fine-tuned − baseline.', '"baseline" is the model of run RUN.']);
  });

  it('compares the model of a run that only evaluates with the baseline', () => {
    const lines = table([...testsOf('pretrained', 'baseline', 'ideal'), ...COMPARED], { baseline: 'RUN' });
    expect(lines[1]).toMatch(/^metric +pretrained +baseline +Δ \[95 % interval\] +ideal$/);
    expect(lines[4]).toBe('Δ is pretrained − baseline.');
  });

  it('moves the intervals below itself where the screen is narrow', () => {
    const lines = table(EVENTS, { width: 80 });
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines[2]).toBe('ESCI nDCG  0.8200  0.8400      0.8500      0.8812  +0.0312  1.0000');
    expect(lines[4]).toBe('  ESCI nDCG: +0.0312 [+0.0101, +0.0520] p < 0.001');
  });

  it('of a run that only evaluates has one model and no difference', () => {
    const lines = table(EVENTS.filter((e) => e.type === 'test' && e.ranker !== 'fine-tuned'));
    expect(lines[1]).toBe('metric     random    BM25  pretrained   ideal');
    expect(lines[2]).toBe('ESCI nDCG  0.8200  0.8400      0.8500  1.0000');
  });

  it('says when data is generated, and when "pretrained" is only an encoder', () => {
    const warning = { code: 'head-initialised', message: 'drawn at random' };
    const lines = table([{ type: 'warning', t: 0, problem: warning }, ...EVENTS], { isSynthetic: true });
    expect(lines[0]).toBe('Test set, 1,200 queries [synthetic]');
    expect(lines.slice(-2)).toEqual([
      'The pretrained model has no head: "pretrained" is its bare encoder as bi-encoder (cosine).',
      'Generated data shows how the tool works, not ranking quality.',
    ]);
  });

  it('is empty before the test', () => {
    expect(table([])).toEqual([]);
  });
});
