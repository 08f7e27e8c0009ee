import type { Experiment } from '../../config/experiment.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { evaluateMetrics } from '../../metrics/evaluate.ts';
import type { Label } from '../../vocabulary/label.ts';
import type { ScoredQuery } from '../../metrics/scored-query.ts';
import type { MetricValues } from '../../protocol/events.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { examplesFor, targetsOf } from './examples.ts';
import { meanLoss, multipleNegativesLoss } from './pair-loss.ts';
import { scoreQueries, type LoadedRanker, type ScoredQueries, type ScoringOptions } from './score-queries.ts';

export interface DevEvaluation {
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly scores: readonly Float32Array[];
}

/** Loss (without dropout) and ranking metrics on the dev queries, from one pass over their pairs. */
export async function evaluateDev(
  ranker: LoadedRanker,
  queries: readonly JudgedQuery[],
  experiment: Experiment,
  options: ScoringOptions,
): Promise<DevEvaluation> {
  const scored = await scoreQueries(ranker, queries, options);
  const { means } = evaluateMetrics(
    experiment.evaluation.metrics,
    scoredQueries(queries, scored.scores),
    experiment.hyperparameters.gains,
  );
  return { loss: devLoss(queries, scored, experiment), metrics: means, scores: scored.scores };
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

function devLoss(queries: readonly JudgedQuery[], scored: ScoredQueries, { hyperparameters }: Experiment): number {
  const { loss_function: loss, batch_size, gains, num_labels } = hyperparameters;
  const examples = examplesFor(loss, queries);
  if (loss === 'multiple-negatives') {
    const { vectorOf } = scored;
    if (vectorOf === null) throw new Error('multiple-negatives needs embeddings');
    // Neighbours in the data share their query: the pairs of a batch are taken far apart, so that they rarely do.
    const nBatches = Math.ceil(examples.length / batch_size);
    const spread = examples.map((_, i) => i).sort((a, b) => (a % nBatches) - (b % nBatches) || a - b);
    return multipleNegativesLoss(
      spread.map((i) => vectorOf(examples[i]!.query.text)),
      spread.map((i) => vectorOf(examples[i]!.product.text)),
      batch_size,
    );
  }
  if (loss === 'cosine-MSE') {
    const cosines = scored.scores.flatMap((scores) => [...scores]);
    return meanLoss(
      loss,
      cosines,
      examples.map(({ label }) => gains[label]),
    );
  }
  if (scored.logits === null) throw new Error(`${loss} needs logits`);
  return meanLoss(
    loss,
    scored.logits,
    examples.flatMap(({ label }) => targetsOf(label, num_labels, gains)),
  );
}
