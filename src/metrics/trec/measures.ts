import type { JudgedRanking } from './judged-ranking.ts';
import { averagePrecision, bpref, interpolatedPrecision, reciprocalRank, relevantAt, trecNdcg } from './values.ts';

/** How the values of the queries become one: trec_eval's rules. */
export type Summary = 'mean' | 'sum' | 'geometric mean';

/** A family of trec_eval measures: one value a query, or one for each parameter. */
export interface MeasureFamily {
  /** One sentence for a person. */
  readonly definition: string;
  readonly summary: Summary;
  /** What a parameter is; `none` has a single value. */
  readonly parameter: 'none' | 'cutoff' | 'recall';
  /** Parameters when none are given, ascending; [] for `none`. */
  readonly defaults: readonly number[];
  /** Counts are printed as whole numbers. */
  readonly isCount: boolean;
  /** False for what trec_eval prints only in the summary. */
  readonly isPerQuery: boolean;
  /** The values of one query: one for each parameter, or a single one. */
  readonly values: (ranking: JudgedRanking, parameters: readonly number[]) => readonly number[];
}

/** Smallest value that enters a geometric mean. */
export const MIN_GEOMETRIC = 0.00001;

const CUTOFFS = [5, 10, 15, 20, 30, 100, 200, 500, 1000];
const RECALLS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** The measures in the order in which trec_eval prints them. */
export const MEASURES = {
  num_q: { ...count('Queries that have both judgements and a ranking.', () => 1), isPerQuery: false },
  num_ret: count('Documents retrieved.', (ranking) => ranking.relevance.length),
  num_rel: count('Relevant documents in the judgements.', (ranking) => ranking.nRelevant),
  num_rel_ret: count('Relevant documents retrieved.', (ranking) => ranking.nRelevantRetrieved),
  map: single(
    'Precision at each relevant document, averaged over all relevant documents (mean average precision).',
    (r) => averagePrecision(r),
  ),
  gm_map: geometric('Geometric mean of average precision over queries; values below 0.00001 count as 0.00001.', (r) =>
    averagePrecision(r),
  ),
  Rprec: single('Precision at rank R, where R is the number of relevant documents.', (r) =>
    share(relevantAt(r, r.nRelevant), r.nRelevant),
  ),
  bpref: single(
    'Share of judged non-relevant documents (the top R) that do not stand before a relevant one; unjudged documents are passed over.',
    bpref,
  ),
  recip_rank: single('1 / rank of the first relevant document.', reciprocalRank),
  iprec_at_recall: {
    ...single('Highest precision at or after the rank where this share of the relevant documents is found.', () => 0),
    parameter: 'recall',
    defaults: RECALLS,
    values: interpolatedPrecision,
  },
  P: cut(
    'Share of relevant documents among the first k; missing ranks count as not relevant.',
    (r, k) => relevantAt(r, k) / k,
  ),
  recall: cut('Share of all relevant documents found among the first k.', (r, k) =>
    share(relevantAt(r, k), r.nRelevant),
  ),
  gm_bpref: geometric('Geometric mean of bpref over queries; values below 0.00001 count as 0.00001.', bpref),
  '11pt_avg': single('Interpolated precision averaged over the recalls 0, 0.1, … 1.', (r) => {
    // From the highest recall down, as trec_eval adds them.
    const sum = interpolatedPrecision(r, RECALLS).reduceRight((total, value) => total + value, 0);
    return sum / RECALLS.length;
  }),
  ndcg: single('Linear gains (the judged relevance) over log2(rank + 1), divided by the best possible sum.', (r) =>
    trecNdcg(r),
  ),
  ndcg_cut: cut('nDCG of the first k documents, divided by the best possible sum of k documents.', (r, k) =>
    trecNdcg(r, k),
  ),
  map_cut: cut('Average precision over the first k documents, divided by all relevant documents.', averagePrecision),
  success: {
    ...cut('1 when a relevant document is among the first k, else 0.', (r, k) => (relevantAt(r, k) > 0 ? 1 : 0)),
    defaults: [1, 5, 10],
  },
  set_P: single('Share of relevant documents among all retrieved.', (r) =>
    share(r.nRelevantRetrieved, r.relevance.length),
  ),
  set_recall: single('Share of all relevant documents that were retrieved.', (r) =>
    share(r.nRelevantRetrieved, r.nRelevant),
  ),
  set_map: single('Set precision times set recall.', (r) =>
    share(r.nRelevantRetrieved ** 2, r.relevance.length * r.nRelevant),
  ),
  set_F: single('Harmonic mean of set precision and set recall.', (r) => {
    const precision = share(r.nRelevantRetrieved, r.relevance.length);
    const recall = share(r.nRelevantRetrieved, r.nRelevant);
    return share(2 * precision * recall, precision + recall);
  }),
} as const satisfies Record<string, MeasureFamily>;

export type MeasureName = keyof typeof MEASURES;

/** The measure's family, or undefined when there is none of that name. */
export function measureFamily(name: string): MeasureFamily | undefined {
  return Object.hasOwn(MEASURES, name) ? MEASURES[name as MeasureName] : undefined;
}

/** trec_eval's name of one value: `P_5`, `iprec_at_recall_0.10`, `map`. */
export function valueName(name: string, family: MeasureFamily, parameter: number | undefined): string {
  if (parameter === undefined) return name;
  return `${name}_${family.parameter === 'recall' ? parameter.toFixed(2) : parameter}`;
}

/** One value over queries: sum, mean or geometric mean over `nQueries`; queries without a ranking count as the worst value. */
export function summarise(summary: Summary, values: ArrayLike<number>, nQueries: number): number {
  let sum = 0;
  if (summary === 'geometric mean') {
    for (let i = 0; i < values.length; i++) sum += Math.log(Math.max(values[i]!, MIN_GEOMETRIC));
    return Math.exp((sum + (nQueries - values.length) * Math.log(MIN_GEOMETRIC)) / nQueries);
  }
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return summary === 'sum' ? sum : sum / nQueries;
}

function share(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

function single(definition: string, value: (ranking: JudgedRanking) => number): MeasureFamily {
  return {
    definition,
    summary: 'mean',
    parameter: 'none',
    defaults: [],
    isCount: false,
    isPerQuery: true,
    values: (ranking) => [value(ranking)],
  };
}

function count(definition: string, value: (ranking: JudgedRanking) => number): MeasureFamily {
  return { ...single(definition, value), summary: 'sum', isCount: true };
}

function geometric(definition: string, value: (ranking: JudgedRanking) => number): MeasureFamily {
  return { ...single(definition, value), summary: 'geometric mean', isPerQuery: false };
}

function cut(definition: string, value: (ranking: JudgedRanking, cutoff: number) => number): MeasureFamily {
  return {
    ...single(definition, () => 0),
    parameter: 'cutoff',
    defaults: CUTOFFS,
    values: (ranking, cutoffs) => cutoffs.map((cutoff) => value(ranking, cutoff)),
  };
}
