import { describe, expect, test } from 'vitest';
import { epochBatches } from '../../../src/data/batch.ts';
import { fingerprint } from '../../../src/data/fingerprint.ts';
import type { JudgedQuery } from '../../../src/data/judged-query.ts';
import { createRandom } from '../../../src/data/random.ts';
import { evaluateMetrics } from '../../../src/metrics/evaluate.ts';
import { ESCI_GAINS, LABELS } from '../../../src/vocabulary/label.ts';
import { nearestName } from '../../../src/metrics/nearest-name.ts';
import type { ScoredQuery } from '../../../src/metrics/scored-query.ts';
import { comparePaired } from '../../../src/metrics/paired-tests.ts';
import { evaluateTrec } from '../../../src/metrics/trec/evaluate.ts';
import { parseQrels, parseRun } from '../../../src/metrics/trec/files.ts';
import { selectMeasures } from '../../../src/metrics/trec/selection.ts';

/** More than the arguments of a call and the depth of the stack bear; work that grows with the square would not end either. */
const N = 200_000;
const range = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const labelOf = (i: number): (typeof LABELS)[number] => LABELS[i % 4]!;

describe('batches', () => {
  test.each([4000, N])('of %i examples', (batchSize) => {
    const batches = epochBatches(
      range(N, (i) => i % 50),
      { batchSize, seed: 1, epoch: 0 },
    );
    expect(batches).toHaveLength(N / batchSize);
    expect(new Set(batches.flat()).size).toBe(N);
  });

  test('of one query with all examples', () => {
    const batches = epochBatches(
      range(N, () => 1),
      { batchSize: 32, seed: 1, epoch: 0, groups: range(N, () => 'q') },
    );
    expect(batches).toHaveLength(N);
  });

  test('of one query with half of the examples', () => {
    const groups = range(N, (i) => (i % 2 === 0 ? 'q' : `q${i}`));
    const batches = epochBatches(
      range(N, () => 1),
      { batchSize: 32, seed: 1, epoch: 0, groups },
    );
    expect(batches).toHaveLength(N / 2);
    expect(batches.flat()).toHaveLength(N);
  });

  test('of distinct queries come out as the definition says', () => {
    const random = createRandom(7);
    for (let round = 0; round < 50; round++) {
      const n = random.nextBelow(60);
      const groups = range(n, () => `g${random.nextBelow(1 + random.nextBelow(20))}`);
      const batchSize = 1 + random.nextBelow(8);
      const batches = epochBatches(
        range(n, () => random.nextBelow(5)),
        { batchSize, seed: round, epoch: 0, groups },
      );
      expect(batches.flat().sort((a, b) => a - b)).toEqual(range(n, (i) => i));
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(batchSize);
        expect(new Set(batch.map((i) => groups[i])).size).toBe(batch.length);
      }
    }
  });
});

test('a fingerprint of one query with many long products, and of many queries', () => {
  const query = (id: string, n: number, length: number): JudgedQuery => {
    const text = 'x'.repeat(length);
    return {
      id,
      text: id,
      judgements: range(n, (i) => ({ product: { id: `p${i}`, title: '', text }, label: labelOf(i) })),
    };
  };
  // More characters than a string can have: 2^29.
  const long = fingerprint({ train: [], dev: [], test: [query('q', 6000, 100_000)] });
  const many = fingerprint({ train: range(N, (i) => query(`q${i}`, 1, 1)), dev: [], test: [] });
  expect(long).toMatch(/^[0-9a-f]{64}$/);
  expect(many).not.toBe(long);
});

describe('metrics', () => {
  const one: ScoredQuery = {
    id: 'q',
    text: 'q',
    labels: range(N, labelOf),
    productIds: range(N, (i) => `p${i}`),
    scores: range(N, (i) => (i * 7919) % 1000),
  };
  const ofOneText: ScoredQuery[] = range(N, (i) => ({
    id: `q${i}`,
    text: 'same',
    labels: [labelOf(i)],
    productIds: [`p${i}`],
    scores: [i % 1000],
  }));

  test.each([
    ['one query of many products', [one]],
    ['many queries of one text', ofOneText],
  ])('of %s', (_, queries) => {
    const { means } = evaluateMetrics(['mrr@10', 'ndcg@10', 'p@10', 'r@10'], queries, ESCI_GAINS);
    expect(Object.values(means)).toHaveLength(4);
    expect(Object.values(means).every((value) => value >= 0 && value <= 1 + 1e-9)).toBe(true);
  });

  test('of TREC files of many lines', () => {
    const qrels = parseQrels(range(N, (i) => `q${i % 3} 0 d${i} ${i % 4}\n`).join(''));
    const run = parseRun(range(N, (i) => `q${i % 3} Q0 d${i} 1 ${(i * 7919) % 1000} tag\n`).join(''));
    const measures = selectMeasures(['all_trec']);
    if (!('value' in qrels && 'value' in run && Array.isArray(measures))) throw new Error('not read');
    const { columns, queryIds } = evaluateTrec(qrels.value, run.value, measures);
    expect(queryIds).toHaveLength(3);
    expect(columns.every(({ summary }) => Number.isFinite(summary))).toBe(true);
  });

  test('compared over many queries', () => {
    const { nPairs } = comparePaired(
      new Float64Array(N),
      Float64Array.from({ length: N }, (_, i) => i % 2),
      { nResamples: 20 },
    );
    expect(nPairs).toBe(N);
  });
});

test('a name of a million characters is near to none', () => {
  const names = range(N, (i) => `column_${i}`);
  expect(nearestName('x'.repeat(10 ** 6), names)).toBeUndefined();
  expect(nearestName('esci_label', [...names, 'y'.repeat(10 ** 6)])).toBeUndefined();
});
