import { type MetricDefinition, type QueryView, viewQuery } from './definition.ts';
import type { Gains, Label } from '../vocabulary/label.ts';
import { findMetric } from './metric-table.ts';
import type { ScoredQuery } from './scored-query.ts';

/** Metric values over queries. */
export interface Evaluation {
  /** Metric → mean over the queries it counts. No entry when it counts none. */
  readonly means: Record<string, number>;
  /**
   * Metric → value by query, in the queries' order. NaN where the metric skips the query, and for the second and later queries
   * of a text that the metric takes as one: their common value stands at the first.
   */
  readonly perQuery: Record<string, Float64Array>;
  /** Metric → how many queries (or texts) it skipped, or counted as 0 because nothing was relevant; no entry for none. */
  readonly excluded: Record<string, number>;
}

/** Value of one metric for one query (or text). */
type Valuation = (metric: MetricDefinition, view: QueryView) => number;

/**
 * Evaluates metrics by name. `gains` apply to `esci_ndcg` alone. Names are checked by whoever reads them (`findMetric`): an
 * unknown one is a bug here and throws.
 */
export function evaluateMetrics(names: readonly string[], queries: readonly ScoredQuery[], gains: Gains): Evaluation {
  return evaluateWith(names, queries, gains, (metric, view) => metric.value(view, gains));
}

/** What the best possible order scores, each metric under the order that is best for it: the ceiling. */
export function idealOrder(names: readonly string[], queries: readonly ScoredQuery[], gains: Gains): Evaluation {
  return evaluateWith(names, queries, gains, (metric, { query }) => {
    const scores = query.labels.map((label: Label) => metric.idealScore(label, gains));
    return metric.value(viewQuery({ ...query, scores }), gains);
  });
}

/** What a uniformly random order is expected to score, exactly: the floor. The queries' own scores are ignored. */
export function randomOrder(names: readonly string[], queries: readonly ScoredQuery[], gains: Gains): Evaluation {
  return evaluateWith(names, queries, gains, (metric, { query }) => metric.expected(query.labels, gains));
}

/** Evaluates metrics by name with any valuation; grouping, exclusion and means are the same for all. */
function evaluateWith(
  names: readonly string[],
  queries: readonly ScoredQuery[],
  gains: Gains,
  valuation: Valuation,
): Evaluation {
  const metrics = names.map((name) => {
    const metric = findMetric(name);
    if (metric === undefined) throw new Error(`unknown metric ${name}`);
    return metric;
  });
  const units = { query: queries.map(viewQuery), text: undefined as readonly (QueryView | undefined)[] | undefined };
  const evaluation: Evaluation = { means: {}, perQuery: {}, excluded: {} };
  for (const metric of metrics) {
    const views = metric.unit === 'query' ? units.query : (units.text ??= groupByText(units.query));
    const values = new Float64Array(queries.length).fill(NaN);
    let nEmpty = 0;
    views.forEach((view, index) => {
      if (view === undefined) return;
      const isEmpty = metric.isEmpty(view.query.labels, gains);
      if (isEmpty) nEmpty++;
      if (!isEmpty) values[index] = valuation(metric, view);
      else if (metric.whenEmpty === 'zero') values[index] = 0;
    });
    evaluation.perQuery[metric.name] = values;
    if (nEmpty > 0) evaluation.excluded[metric.name] = nEmpty;
    const counted = values.filter((value) => !Number.isNaN(value));
    if (counted.length > 0)
      evaluation.means[metric.name] = counted.reduce((sum, value) => sum + value, 0) / counted.length;
  }
  return evaluation;
}

/** The queries of each text as one query, at the place of the first; undefined at the places of the others. */
function groupByText(views: readonly QueryView[]): (QueryView | undefined)[] {
  const firstOf = new Map<string, number>();
  const members = new Map<number, ScoredQuery[]>();
  const grouped: (QueryView | undefined)[] = [...views];
  views.forEach(({ query }, index) => {
    const first = firstOf.get(query.text);
    if (first === undefined) {
      firstOf.set(query.text, index);
      return;
    }
    grouped[index] = undefined;
    const others = members.get(first);
    if (others === undefined) members.set(first, [views[first]!.query, query]);
    else others.push(query);
  });
  for (const [first, queries] of members) grouped[first] = viewQuery(concatenate(queries));
  return grouped;
}

function concatenate(queries: readonly ScoredQuery[]): ScoredQuery {
  return {
    id: queries[0]!.id,
    text: queries[0]!.text,
    labels: queries.flatMap((query) => query.labels),
    productIds: queries.flatMap((query) => query.productIds),
    scores: queries.flatMap((query) => [...query.scores]),
  };
}
