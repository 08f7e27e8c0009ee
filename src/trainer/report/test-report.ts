import type { Experiment } from '../../config/experiment.ts';
import { bm25Scores } from '../../data/bm25.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { writeFileAtomic } from '../../files/write-file.ts';
import { evaluateMetrics, idealOrder, randomOrder, type Evaluation } from '../../metrics/evaluate.ts';
import { csvText } from '../../vocabulary/words/csv.ts';
import { LABELS } from '../../vocabulary/label.ts';
import { comparePaired } from '../../metrics/paired-tests.ts';
import type { MetricValues } from '../../protocol/events.ts';
import { baseOf, modelOf, RANKERS } from '../../vocabulary/ranker.ts';
import type { RankerName } from '../../vocabulary/ranker.ts';
import { runPaths } from '../../runs/layout.ts';
import { openRankingsWriter } from '../../rankings/rankings-writer.ts';
import { scoredQueries } from '../loop/dev-evaluation.ts';
import type { JobContext } from '../jobs/job-context.ts';

/** Scores of the models on the test queries, in order; a job that only evaluates has no fine-tuned model, few have a baseline. */
export type ModelScores = Readonly<Partial<Record<'pretrained' | 'baseline' | 'fine-tuned', readonly Float32Array[]>>>;

/**
 * Reports the test set: metrics of every ranker with floor and ceiling, the paired comparison, the rankings query by query and the
 * CSV of test scores. Called once, at the end of a run.
 */
export async function reportTest(
  context: JobContext,
  queries: readonly JudgedQuery[],
  models: ModelScores,
): Promise<Record<string, MetricValues>> {
  const { experiment } = context;
  const { gains, seed } = experiment.hyperparameters;
  const names = experiment.evaluation.metrics;
  const bm25 = bm25Scores(queries);
  const stored: Partial<Record<RankerName, readonly Float32Array[]>> = { bm25, ...models };
  const unscored = scoredQueries(queries, bm25);

  const evaluations = new Map<RankerName, Evaluation>();
  for (const ranker of RANKERS) {
    const scores = stored[ranker];
    if (ranker === 'random') evaluations.set(ranker, randomOrder(names, unscored, gains));
    else if (ranker === 'ideal') evaluations.set(ranker, idealOrder(names, unscored, gains));
    else if (scores !== undefined)
      evaluations.set(ranker, evaluateMetrics(names, scoredQueries(queries, scores), gains));
  }
  for (const [ranker, { means, excluded }] of evaluations) {
    context.emit({ type: 'test', ranker, metrics: means, nQueries: queries.length, excluded });
  }
  const base = baseOf(Object.keys(models));
  const [before, after] = [base && evaluations.get(base), evaluations.get(modelOf(Object.keys(models)))];
  if (before !== undefined && after !== undefined) {
    for (const metric of names) {
      // A metric that leaves out every query has nothing to compare.
      if (!Object.hasOwn(before.means, metric) || !Object.hasOwn(after.means, metric)) continue;
      const { meanDelta, interval, p, wins, ties, losses } = comparePaired(
        before.perQuery[metric]!,
        after.perQuery[metric]!,
        { seed },
      );
      context.emit({ type: 'comparison', metric, meanDelta, interval, p, wins, ties, losses });
    }
  }
  await writeRankings(context.runDir, queries, stored, evaluations);
  await writeFileAtomic(runPaths.testScoresCsv(context.runDir), testScoresCsv(queries, models, experiment));
  return Object.fromEntries([...evaluations].map(([ranker, { means }]) => [ranker, means]));
}

async function writeRankings(
  runDir: string,
  queries: readonly JudgedQuery[],
  stored: Readonly<Partial<Record<RankerName, readonly Float32Array[]>>>,
  evaluations: ReadonlyMap<RankerName, Evaluation>,
): Promise<void> {
  const writer = await openRankingsWriter(runDir, 'test');
  const metricsOf = (index: number): Record<string, Record<string, number | null>> =>
    Object.fromEntries(
      [...evaluations].map(([ranker, { perQuery }]) => [
        ranker,
        Object.fromEntries(Object.entries(perQuery).map(([metric, values]) => [metric, numberOrNull(values[index]!)])),
      ]),
    );
  for (const [index, query] of queries.entries()) {
    await writer.add({
      id: query.id,
      text: query.text,
      products: query.judgements.map(({ product, label }) => ({ id: product.id, title: product.title, label })),
      scores: Object.fromEntries(Object.entries(stored).map(([ranker, scores]) => [ranker, scores[index]!])),
      metrics: metricsOf(index),
    });
  }
  await writer.finish();
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Relevance in the original pipeline's CSV: 4 for Exact down to 1 for Irrelevant. */
const CSV_RELEVANCE = Object.fromEntries(LABELS.map((label, i) => [label, LABELS.length - i]));

/** The original pipeline's CSV of test scores: a line a pair, the models' scores side by side. */
function testScoresCsv(queries: readonly JudgedQuery[], models: ModelScores, { data }: Experiment): string {
  const columns = Object.entries(models);
  const header = [
    'query_id',
    'query',
    'product_id',
    'product_locale',
    'esci_label',
    'relevance',
    ...columns.map(([name]) => `score_${name.replace('-', '_')}`),
  ];
  const rows = queries.flatMap((query, i) =>
    query.judgements.map(({ product, label }, j) => [
      ...[query.id, query.text, product.id, data.locale, label, CSV_RELEVANCE[label]!],
      ...columns.map(([, scores]) => scores[i]![j]!),
    ]),
  );
  return csvText(header, rows);
}
