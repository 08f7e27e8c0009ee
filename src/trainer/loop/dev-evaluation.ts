import type { Experiment } from '../../config/experiment.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { evaluateMetrics } from '../../metrics/evaluate.ts';
import type { Label } from '../../vocabulary/label.ts';
import type { ScoredQuery } from '../../metrics/scored-query.ts';
import type { MetricValues } from '../../protocol/events.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { devLoss } from './dev-loss.ts';
import { runQueries, type LoadedRanker, type ScoringOptions } from './score-queries.ts';

export interface DevEvaluation {
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly scores: readonly Float32Array[];
}

/** Loss (without dropout) and ranking metrics on the dev queries, from one pass over their pairs. */
export async function evaluateDev(
  loaded: LoadedRanker,
  queries: readonly JudgedQuery[],
  experiment: Experiment,
  options: ScoringOptions,
): Promise<DevEvaluation> {
  const outputs = await runQueries(loaded, queries, options);
  const scores = outputs.scores(options);
  const { means } = evaluateMetrics(
    experiment.evaluation.metrics,
    scoredQueries(queries, scores),
    experiment.hyperparameters.gains,
  );
  return { loss: devLoss(loaded.ranker, queries, outputs, experiment), metrics: means, scores };
}

/**
 * Refuses, before any step, dev queries on which the metric that selects the best model has no value: each evaluation would be as good as
 * any other.
 * @throws ProblemError `metric-without-queries`
 */
export function requireBestMetric(queries: readonly JudgedQuery[], { hyperparameters }: Experiment): void {
  const { metric_for_best_model: metric, gains } = hyperparameters;
  if (metric === 'loss') return;
  const unscored = scoredQueries(
    queries,
    queries.map(({ judgements }) => new Float32Array(judgements.length)),
  );
  const { means } = evaluateMetrics([metric], unscored, gains);
  if (Object.hasOwn(means, metric)) return;
  throw new ProblemError({
    code: 'metric-without-queries',
    message: `${metric} leaves out every one of the ${queries.length} dev queries, as none of them has what it needs (judgements of both kinds, say), so it cannot tell the best model`,
    where: 'hyperparameters.metric_for_best_model',
    next: 'Set metric_for_best_model to loss or to another metric, or hold out more queries with data.dev_queries.',
  });
}

/** Queries with scores, in the form that metrics take. */
export function scoredQueries(queries: readonly JudgedQuery[], scores: readonly Float32Array[]): ScoredQuery[] {
  return queries.map((query, i) => ({
    id: query.id,
    text: query.text,
    labels: query.judgements.map(({ label }): Label => label),
    productIds: query.judgements.map(({ product }) => product.id),
    scores: scores[i]!,
  }));
}
