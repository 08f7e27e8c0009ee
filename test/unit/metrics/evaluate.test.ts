import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { evaluateMetrics, idealOrder, randomOrder } from '../../../src/metrics/evaluate.ts';
import { ESCI_GAINS, type Label } from '../../../src/vocabulary/label.ts';
import { findMetric, METRICS, metricNames } from '../../../src/metrics/metric-table.ts';
import { nearestName } from '../../../src/metrics/nearest-name.ts';
import type { ScoredQuery } from '../../../src/metrics/scored-query.ts';

interface FixtureQuery {
  readonly id: string;
  readonly text: string;
  readonly labels: string;
  readonly scores: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/metrics/pipeline.json', import.meta.url), 'utf8')) as {
  queries: FixtureQuery[];
  esci: number[];
  official: (number | null)[];
  pipeline: { rows: Record<string, number[]>; means: number[]; skipped: number };
};

function scored(labels: string, scores: readonly number[], text = 'q', ids?: readonly string[]): ScoredQuery {
  const productIds = ids ?? Array.from(labels, (_, index) => `p${index}`);
  return { id: text, text, labels: Array.from(labels) as Label[], productIds, scores };
}

const queries = fixture.queries.map((query) => ({ ...scored(query.labels, query.scores, query.text), id: query.id }));
const PIPELINE = ['mrr@10', 'ndcg@10', 'p@10', 'r@10'];

function only(name: string, query: ScoredQuery): number {
  return evaluateMetrics([name], [query], ESCI_GAINS).means[name]!;
}

describe('scikit-learn', () => {
  const evaluation = evaluateMetrics(['esci_ndcg', 'esci_ndcg_official', ...PIPELINE], queries, ESCI_GAINS);

  it('gives the same ESCI nDCG, ties averaged', () => {
    fixture.esci.forEach((value, query) => {
      expect(Math.abs(evaluation.perQuery['esci_ndcg']![query]! - value)).toBeLessThanOrEqual(1e-12);
    });
  });

  it('gives the same official variant where nothing is tied', () => {
    expect(fixture.official.filter((value) => value !== null).length).toBeGreaterThan(30);
    fixture.official.forEach((value, query) => {
      if (value === null) return;
      // trec_eval holds the gains 0.01 and 0.1 as 32-bit floats.
      expect(Math.abs(evaluation.perQuery['esci_ndcg_official']![query]! - value)).toBeLessThan(1e-8);
    });
  });

  it('gives the pipeline’s metrics by text, with the same queries skipped', () => {
    PIPELINE.forEach((name, column) => {
      const seen = new Set<string>();
      queries.forEach(({ text }, query) => {
        const value = evaluation.perQuery[name]![query]!;
        const expected = seen.has(text) ? undefined : fixture.pipeline.rows[text]?.[column];
        if (expected === undefined) expect(value).toBeNaN();
        else expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-12);
        seen.add(text);
      });
      expect(Math.abs(evaluation.means[name]! - fixture.pipeline.means[column]!)).toBeLessThanOrEqual(1e-12);
      expect(evaluation.excluded[name]).toBe(fixture.pipeline.skipped);
    });
  });
});

describe('ESCI nDCG', () => {
  it('counts 0 for a query without a positive gain, aloud', () => {
    const evaluation = evaluateMetrics(['esci_ndcg'], [scored('II', [1, 2]), scored('EI', [2, 1])], ESCI_GAINS);
    expect(evaluation).toMatchObject({ means: { esci_ndcg: 0.5 }, excluded: { esci_ndcg: 1 } });
  });

  it('follows the gains given, the official variant does not', () => {
    const query = scored('SC', [1, 2]);
    const value = (gains: typeof ESCI_GAINS, name: string) => evaluateMetrics([name], [query], gains).means[name];
    const even = { E: 1, S: 1, C: 1, I: 0 };
    expect(value(even, 'esci_ndcg')).toBe(1);
    expect(value(ESCI_GAINS, 'esci_ndcg')).toBeLessThan(0.8);
    // S and C are swapped, so complement before substitute is the best order.
    expect(value(even, 'esci_ndcg_official')).toBe(1);
  });

  it('does not depend on the input order of tied products', () => {
    expect(only('esci_ndcg', scored('EISI', [0, 0, 0, 0]))).toBeCloseTo(
      only('esci_ndcg', scored('IISE', [0, 0, 0, 0])),
      14,
    );
  });
});

describe('trec metrics', () => {
  it('break ties by product id, from high to low', () => {
    expect(only('trec:recip_rank', scored('EI', [1, 1], 'q', ['b', 'a']))).toBe(1);
    expect(only('trec:recip_rank', scored('EI', [1, 1 + 1e-9], 'q', ['a', 'b']))).toBe(0.5);
  });

  it('count irrelevant products as not relevant, and queries without a relevant one as 0', () => {
    const evaluation = evaluateMetrics(
      ['trec:map', 'trec:P_5'],
      [scored('II', [1, 2]), scored('CI', [1, 0])],
      ESCI_GAINS,
    );
    expect(evaluation.means).toEqual({ 'trec:map': 0.5, 'trec:P_5': 0.1 });
    expect(evaluation.excluded).toEqual({ 'trec:map': 1, 'trec:P_5': 1 });
  });
});

describe('pipeline metrics', () => {
  it('keep input order in ties and put NaN last', () => {
    expect(only('mrr@10', scored('IE', [1, 1]))).toBe(0.5);
    expect(only('mrr@10', scored('IE', [NaN, -5]))).toBe(1);
  });

  it('have no mean when every query is skipped', () => {
    const evaluation = evaluateMetrics(['p@10'], [scored('EE', [1, 2])], ESCI_GAINS);
    expect(evaluation.means).toEqual({});
    expect(evaluation.excluded).toEqual({ 'p@10': 1 });
  });
});

describe('floors and ceilings', () => {
  const names = [
    ...metricNames,
    'mrr@2',
    'p@3',
    'r@1',
    'ndcg@2',
    'trec:P_2',
    'trec:map_cut_2',
    'trec:success_2',
    'trec:recall_3',
    'trec:ndcg_cut_3',
  ];
  const label = ['ESCI', 'EEII', 'IIIS', 'EISIC', 'EESC', 'CI', 'EIIIII', 'I', 'S', 'EEEEI'];

  it.each(label)('random order is the mean over all orders of %s', (labels) => {
    const orders = permutations(labels.length).map((scores) => scored(labels, scores));
    const floor = randomOrder(names, [scored(labels, [])], ESCI_GAINS);
    for (const name of names) {
      // A text of its own for each order, since some metrics take equal texts as one query.
      const each = orders.map((query, index) => ({ ...query, text: String(index) }));
      const mean = evaluateMetrics([name], each, ESCI_GAINS).means[name];
      if (mean === undefined) expect(floor.means[name]).toBeUndefined();
      else expect(Math.abs(floor.means[name]! - mean), name).toBeLessThan(1e-12);
    }
  });

  it.each(label)('ideal order is the best of all orders of %s', (labels) => {
    const ceiling = idealOrder(names, [scored(labels, [])], ESCI_GAINS);
    for (const name of names) {
      const values = permutations(labels.length).map((scores) => only(name, scored(labels, scores)));
      if (ceiling.means[name] !== undefined) expect(ceiling.means[name], name).toBeCloseTo(Math.max(...values), 12);
    }
  });
});

describe('the table of metrics', () => {
  it('has a name, a label and a one-sentence definition for each', () => {
    expect(metricNames.slice(0, 6)).toEqual(['esci_ndcg', 'esci_ndcg_official', ...PIPELINE]);
    expect(new Set(metricNames).size).toBe(metricNames.length);
    for (const metric of METRICS) {
      expect(findMetric(metric.name)).toBe(metric);
      expect(metric.definition).toMatch(/\.$/);
      expect(metric.label).not.toBe('');
    }
  });

  it('knows other cutoffs, and no other names', () => {
    expect(findMetric('mrr@5')?.label).toBe('MRR@5');
    expect(findMetric('trec:ndcg_cut_7')?.label).toBe('ndcg_cut_7');
    for (const name of [
      'mrr',
      'mrr@0',
      'mrr@x',
      'map',
      'trec:ndcg_cut',
      'trec:map_5',
      'trec:num_q',
      'trec:gm_map',
      'constructor',
    ]) {
      expect(findMetric(name), name).toBeUndefined();
    }
    expect(() => evaluateMetrics(['mrr'], [], ESCI_GAINS)).toThrow('unknown metric mrr');
  });

  it('finds what was meant', () => {
    expect(nearestName('NDGC@10', metricNames)).toBe('ndcg@10');
    expect(nearestName('esci-ndcg', metricNames)).toBe('esci_ndcg');
    expect(nearestName('something else', metricNames)).toBeUndefined();
  });
});

/** All orders of n products, as scores. */
function permutations(n: number): number[][] {
  if (n === 0) return [[]];
  return permutations(n - 1).flatMap((rest) => Array.from({ length: n }, (_, at) => rest.toSpliced(at, 0, n)));
}
