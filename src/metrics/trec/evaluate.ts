import { compareBytes } from './byte-order.ts';
import type { Qrels, TrecRun } from './files.ts';
import { type JudgedRanking, judgeRanking, type RankingOptions } from './judged-ranking.ts';
import { MEASURES, type MeasureFamily, type MeasureName, summarise, valueName } from './measures.ts';
import type { SelectedMeasure } from './selection.ts';
import { trecNdcg } from './values.ts';

/** One value over all queries and by query. */
export interface TrecColumn {
  /** trec_eval's printed name, for example `P_5`. */
  readonly name: string;
  readonly family: MeasureFamily;
  readonly summary: number;
  /** In the order of `queryIds`. */
  readonly values: Float64Array;
}

export interface TrecEvaluation {
  readonly tag: string;
  /** Queries that have both judgements and a ranking, by id as bytes. */
  readonly queryIds: readonly string[];
  readonly columns: readonly TrecColumn[];
}

export interface TrecOptions extends RankingOptions {
  /** Average over all queries of the qrels; a query without a ranking counts as 0 (trec_eval's -c). */
  readonly isComplete?: boolean;
}

/** Evaluates a run against judgements as trec_eval 9.0.8 does. Queries without judgements are ignored. */
export function evaluateTrec(
  qrels: Qrels,
  run: TrecRun,
  measures: readonly SelectedMeasure[],
  options: TrecOptions = {},
): TrecEvaluation {
  const queryIds = [...run.rankings.keys()].filter((id) => qrels.has(id)).sort(compareBytes);
  const nQueries = options.isComplete ? qrels.size : queryIds.length;
  const columns = measures.map((measure) => columnsOf(measure, queryIds.length));
  queryIds.forEach((id, query) => {
    const { ids, scores } = run.rankings.get(id)!;
    const ranking = judgeRanking(ids, scores, qrels.get(id)!, options);
    measures.forEach((measure, m) => {
      valuesOf(measure, ranking).forEach((value, v) => {
        columns[m]![v]!.values[query] = value;
      });
    });
  });
  return {
    tag: run.tag,
    queryIds,
    columns: columns.flat().map(({ name, family, values }) => ({
      name,
      family,
      values,
      // -c makes num_q the number of queries it averages over.
      summary: name === 'num_q' ? nQueries : summarise(family.summary, values, nQueries),
    })),
  };
}

function columnsOf(measure: SelectedMeasure, nQueries: number): Omit<TrecColumn, 'summary'>[] {
  const family = MEASURES[measure.name as MeasureName];
  const parameters = family.parameter === 'none' ? [undefined] : measure.parameters;
  return parameters.map((parameter) => ({
    name: measure.gainsText === undefined ? valueName(measure.name, family, parameter) : `ndcg_${measure.gainsText}`,
    family,
    values: new Float64Array(nQueries),
  }));
}

function valuesOf(measure: SelectedMeasure, ranking: JudgedRanking): readonly number[] {
  const { gains } = measure;
  if (gains !== undefined) return [trecNdcg(ranking, Infinity, (relevance) => gains.get(relevance) ?? relevance)];
  return MEASURES[measure.name as MeasureName].values(ranking, measure.parameters);
}
