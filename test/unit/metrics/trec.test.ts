import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../../src/metrics/trec/byte-order.ts';
import { evaluateTrec, type TrecEvaluation, type TrecOptions } from '../../../src/metrics/trec/evaluate.ts';
import { type Parsed, parseQrels, parseRun } from '../../../src/metrics/trec/files.ts';
import { printTrec, printValue } from '../../../src/metrics/trec/print.ts';
import { type SelectedMeasure, selectMeasures } from '../../../src/metrics/trec/selection.ts';

interface Variant {
  readonly queries: readonly string[];
  readonly names: readonly string[];
  readonly values: readonly (readonly number[])[];
  readonly summary: { readonly mean: Record<string, string>; readonly complete: Record<string, string> };
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/metrics/trec.json', import.meta.url), 'utf8')) as {
  qrels: string;
  run: string;
  variants: Record<string, Variant>;
};

const OPTIONS: Record<string, TrecOptions> = {
  plain: {},
  'judged only': { isJudgedOnly: true },
  'level 2': { level: 2 },
};

function parsed<T>(result: Parsed<T>): T {
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function selected(...texts: string[]): SelectedMeasure[] {
  const measures = selectMeasures(texts);
  if (!Array.isArray(measures)) throw new Error(measures.found);
  return measures;
}

const qrels = parsed(parseQrels(fixture.qrels));
const run = parsed(parseRun(fixture.run));
const DEFAULTS = '5,10,15,20,30,100,200,500,1000';
const all = selected(
  'all_trec',
  ...['P', 'recall', 'ndcg_cut', 'map_cut'].map((name) => `${name}.3,7,${DEFAULTS}`),
  'success.1,3,5,7,10',
);

function summaryLines(evaluation: TrecEvaluation): Record<string, string> {
  const lines = printTrec(evaluation).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [line.split('\t')[0]!.trim(), line.split('\t')[2]!]));
}

describe.each(Object.keys(OPTIONS))('trec_eval 9.0.8, %s', (name) => {
  const variant = fixture.variants[name]!;

  it('gives the same value for every measure and query', () => {
    const evaluation = evaluateTrec(qrels, run, all, OPTIONS[name]);
    expect(evaluation.queryIds).toEqual(variant.queries);
    const columns = new Map(evaluation.columns.map((column) => [column.name, column]));
    expect([...columns.keys()].filter((column) => column !== 'num_q').sort()).toEqual([...variant.names].sort());
    let worst = 0;
    variant.values.forEach((row, query) => {
      row.forEach((expected, index) => {
        const column = columns.get(variant.names[index]!)!;
        const ours = column.values[query]!;
        const value = column.name.startsWith('gm_') ? Math.log(Math.max(ours, 0.00001)) : ours;
        worst = Math.max(worst, Math.abs(value - expected));
      });
    });
    expect(worst).toBeLessThanOrEqual(1e-12);
  });

  it.each([
    ['mean', false],
    ['complete', true],
  ] as const)('prints the same summary (%s)', (kind, isComplete) => {
    const evaluation = evaluateTrec(qrels, run, all, { ...OPTIONS[name], isComplete });
    const { num_q, ...lines } = summaryLines(evaluation);
    expect(num_q).toBe(String(isComplete ? qrels.size : variant.queries.length));
    expect(lines).toEqual(variant.summary[kind]);
  });
});

describe('the oracle data', () => {
  it('tells float32 ties, byte order and unjudged documents apart', () => {
    // Each of these would go unnoticed if the data had no such case.
    const plain = evaluateTrec(qrels, run, selected('map'));
    const ids = [...run.rankings.values()].flatMap((ranking) => ranking.ids);
    expect(ids.some((a) => ids.some((b) => Math.sign(compareBytes(a, b)) !== (a < b ? -1 : a > b ? 1 : 0)))).toBe(true);
    const rounded = [...run.rankings.values()].some(({ scores }) => {
      const floats = new Set(scores.map(Math.fround));
      return floats.size < new Set(scores).size;
    });
    expect(rounded).toBe(true);
    expect(evaluateTrec(qrels, run, selected('map'), { isJudgedOnly: true }).columns[0]!.summary).not.toBe(
      plain.columns[0]!.summary,
    );
    expect(qrels.size).toBeGreaterThan(plain.queryIds.length);
    expect(run.rankings.size).toBeGreaterThan(plain.queryIds.length);
  });
});

describe('byte order', () => {
  it('is the order of the UTF-8 bytes', () => {
    const ids = [
      '',
      'a',
      'A',
      'é',
      'éa',
      '\u007f',
      '\ud7ff',
      '\ue000',
      '\uff21',
      '\u{1f600}',
      '\u{20bb7}',
      'B00',
      'B0',
    ];
    const sorted = [...ids].sort(compareBytes);
    expect(sorted).toEqual([...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });
});

describe('measures by name', () => {
  it('are printed in trec_eval’s order whatever the order asked for', () => {
    expect(selected('ndcg_cut.10,5', 'map', 'P_20').map((m) => [m.name, m.parameters])).toEqual([
      ['map', []],
      ['P', [20]],
      ['ndcg_cut', [5, 10]],
    ]);
    expect(selected('official').map((m) => m.name)).toEqual([
      ...['num_q', 'num_ret', 'num_rel', 'num_rel_ret', 'map', 'gm_map', 'Rprec', 'bpref', 'recip_rank'],
      ...['iprec_at_recall', 'P'],
    ]);
    expect(selected('P')[0]!.parameters).toHaveLength(9);
  });

  it.each(['mop', 'P.0', 'P.5,5', 'P.x', 'P.', 'map.5', 'ndcg.1', 'ndcg.1=x', 'iprec_at_recall.2', 'toString', '_5'])(
    'refuses %s',
    (text) => {
      expect(selectMeasures([text])).toMatchObject({ found: text });
    },
  );

  it('takes gains for ndcg', () => {
    const judged = parsed(parseQrels('q 0 a 2\nq 0 b 1\nq 0 c 0\n'));
    const ranked = parsed(parseRun('q Q0 b 0 3 t\nq Q0 a 0 2 t\nq Q0 c 0 1 t\n'));
    const evaluation = evaluateTrec(judged, ranked, selected('ndcg.2=4,1=0.5'));
    expect(evaluation.columns[0]!.name).toBe('ndcg_2=4,1=0.5');
    expect(evaluation.columns[0]!.summary).toBeCloseTo((0.5 + 4 / Math.log2(3)) / (4 + 0.5 / Math.log2(3)), 14);
  });

  it('drops documents below -M before anything else', () => {
    const judged = parsed(parseQrels('q 0 a 1\nq 0 b 0\nq 0 c 1\n'));
    const ranked = parsed(parseRun('q Q0 x 0 3 t\nq Q0 a 0 2 t\nq Q0 c 0 1 t\n'));
    const options = { maxDocuments: 2, isJudgedOnly: true };
    const evaluation = evaluateTrec(judged, ranked, selected('num_ret', 'map'), options);
    expect(evaluation.columns.map((column) => column.summary)).toEqual([1, 0.5]);
  });
});

describe('trec files', () => {
  it('report every line that cannot be read', () => {
    expect(parseQrels('q 0 a 1\nq 0 a\n\n# note\nq 0 b 1.5\nq 0 a 0\n')).toEqual({
      problems: [
        { line: 2, found: 'q 0 a', expected: expect.stringContaining('relevance') as string },
        { line: 5, found: 'q 0 b 1.5', expected: expect.stringContaining('whole number') as string },
        { line: 6, found: 'q 0 a 0', expected: 'each document judged once for a query' },
      ],
    });
    expect(parseRun('q Q0 a 1 nan t\nq Q0 a 1 0.5\nq Q0 a 1 .5e1 t\nq Q0 a 2 1 t')).toEqual({
      problems: [
        { line: 1, found: 'q Q0 a 1 nan t', expected: expect.stringContaining('score (a number)') as string },
        { line: 2, found: 'q Q0 a 1 0.5', expected: expect.stringContaining('tag') as string },
        { line: 4, found: 'q Q0 a 2 1 t', expected: 'each document once for a query' },
      ],
    });
  });

  it('may have tabs, CRLF and no last line end', () => {
    expect([...parsed(parseQrels('q\t0\ta\t1\r\nq 0  b -1')).get('q')!]).toEqual([
      ['a', 1],
      ['b', -1],
    ]);
    const { tag, rankings } = parsed(parseRun('q Q0 a\u00a0b 1 -inf first\r\nq Q0 c 1 2 last more\r\n'));
    expect(tag).toBe('last');
    expect(rankings.get('q')).toMatchObject({ ids: ['a\u00a0b', 'c'], scores: [-Infinity, 2] });
  });

  it('stop after twenty problems', () => {
    const result = parseQrels('bad\n'.repeat(100));
    expect('problems' in result ? result.problems : []).toHaveLength(20);
  });
});

describe('printed numbers', () => {
  it('round as C does', () => {
    // Halfway cases go to the even digit: 0.03125, 0.09375, 0.15625.
    const values = [0.03125, 0.09375, 0.15625, 0.5, 1, 0.00005, 0.99995, 12.34567];
    expect(values.map((value) => printValue(value, false))).toEqual([
      '0.0312',
      '0.0938',
      '0.1562',
      '0.5000',
      '1.0000',
      '0.0001',
      '1.0000',
      '12.3457',
    ]);
    expect(printValue(12, true)).toBe('12');
  });

  it('stand in trec_eval’s columns, queries first', () => {
    const judged = parsed(parseQrels('1 0 a 1\n2 0 a 1\n'));
    const ranked = parsed(parseRun('2 Q0 a 1 1 mine\n1 Q0 b 1 1 mine\n'));
    const evaluation = evaluateTrec(judged, ranked, selected('num_q', 'num_ret', 'map', 'gm_map'));
    expect(printTrec(evaluation, { isPerQuery: true, hasTag: true })).toBe(
      [
        'num_ret               \t1\t1',
        'map                   \t1\t0.0000',
        'num_ret               \t2\t1',
        'map                   \t2\t1.0000',
        'runid                 \tall\tmine',
        'num_q                 \tall\t2',
        'num_ret               \tall\t2',
        'map                   \tall\t0.5000',
        'gm_map                \tall\t0.0032',
        '',
      ].join('\n'),
    );
  });
});
