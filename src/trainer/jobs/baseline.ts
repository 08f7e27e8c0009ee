import { dirname } from 'node:path';
import { openSubfolder } from '../../files/subfolder.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import { modelOf } from '../../vocabulary/ranker.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { baselineProblem, OTHER_BASELINE, requireBaseline } from '../../runs/find-baseline.ts';
import { runPaths } from '../../runs/layout.ts';
import { listRuns, type RunEntry } from '../../runs/list-runs.ts';
import type { RankedQuery } from '../../rankings/rankings-format.ts';
import { openRankings, type Rankings } from '../../rankings/rankings.ts';
import { readScoreLists, writeScoreLists } from '../../rankings/score-lists.ts';
import { progressReporter, type JobContext, type Preparation } from './job-context.ts';

/** The run that a job's differences refer to. */
export interface Baseline {
  readonly id: string;
  /**
   * What its model scored on a job's test queries, in their order and in that of their products.
   * @throws ProblemError when it was not tested on all of them
   */
  scoresOn(queries: readonly JudgedQuery[]): Promise<Float32Array[]>;
}

/**
 * The run of a folder that the experiment names as its baseline; null when it names none. `self` is the job's own run.
 * @throws ProblemError at `evaluation.baseline`: no such run, several, not tested
 */
export async function namedBaseline(context: Preparation, runsFolder: string, self?: string): Promise<Baseline | null> {
  const wanted = context.experiment.evaluation.baseline;
  if (wanted === null) return null;
  const found = requireBaseline(await listRuns(runsFolder), wanted, self);
  return { id: found.id, scoresOn: (queries) => storedScores(context, found, queries) };
}

/** The baseline of a run, as `namedBaseline`; its scores are kept in the run folder, from where a resumed run takes them. */
export async function runBaseline(context: JobContext): Promise<Baseline | null> {
  const { runDir, record } = context;
  const path = runPaths.baselineScores(runDir);
  if (record.baseline !== undefined) return { id: record.baseline, scoresOn: (queries) => keptScores(path, queries) };
  const named = await namedBaseline(context, dirname(runDir), record.id);
  if (named === null) return null;
  return {
    id: named.id,
    async scoresOn(queries) {
      const scores = await named.scoresOn(queries);
      await openSubfolder(runDir, 'rankings');
      await writeScoreLists(path, scores);
      await context.update({ baseline: named.id });
      return scores;
    },
  };
}

async function keptScores(path: string, queries: readonly JudgedQuery[]): Promise<Float32Array[]> {
  const lengths = queries.map(({ judgements }) => judgements.length);
  const kept = await readScoreLists(path, lengths, 'scores of the baseline');
  if (kept !== undefined) return kept;
  throw baselineProblem(
    `Found no scores of the baseline in ${path}, expected those of the run's beginning.`,
    'Start the run again.',
  );
}

async function storedScores(
  context: Preparation,
  { id, runDir }: RunEntry,
  queries: readonly JudgedQuery[],
): Promise<Float32Array[]> {
  const rankings = await openRankings(runDir, 'test').catch((error: unknown) => {
    throw error instanceof ProblemError
      ? baselineProblem(`Run ${id}: ${error.problem.message}`, OTHER_BASELINE)
      : error;
  });
  if (rankings === undefined) {
    throw baselineProblem(`Found no test rankings in run ${id}, expected those of its end.`, OTHER_BASELINE);
  }
  try {
    requireQueries(id, rankings, queries);
    return await scoresOf(context, id, rankings, queries);
  } finally {
    await rankings.close();
  }
}

/** More queries than the job's are no harm. */
function requireQueries(id: string, { index }: Rankings, queries: readonly JudgedQuery[]): void {
  const textOf = new Map(index.ids.map((query, row) => [query, index.texts[row]]));
  const other = queries.filter((query) => textOf.get(query.id) !== query.text);
  const first = other[0];
  if (first === undefined) return;
  const message = `Run ${id} was tested on ${index.ids.length} queries; ${other.length} of the ${queries.length} test queries of this experiment are not among them, such as ${first.id} ("${first.text.trim()}").`;
  throw baselineProblem(message, sameQueries(id));
}

async function scoresOf(
  context: Preparation,
  id: string,
  rankings: Rankings,
  queries: readonly JudgedQuery[],
): Promise<Float32Array[]> {
  const ranker = modelOf(rankings.rankers);
  const report = progressReporter(context, 'data', 'test queries of the baseline');
  const all: Float32Array[] = [];
  for (const query of queries) {
    const scores = scoresByProduct(await rankings.query(query.id), ranker, query);
    if (typeof scores === 'string')
      throw baselineProblem(`Run ${id}, test query ${query.id} ("${query.text.trim()}"): ${scores}.`, sameQueries(id));
    all.push(scores);
    report(all.length, queries.length);
  }
  return all;
}

/** The stored scores in the order of a query's products, or what is different. */
function scoresByProduct(
  stored: RankedQuery | undefined,
  ranker: string,
  { judgements }: JudgedQuery,
): Float32Array | string {
  const scores = stored?.scores[ranker];
  if (stored === undefined || scores === undefined) return `found no scores of its ${ranker} model`;
  const scoreOf = new Map(stored.products.map((product, i) => [product.id, scores[i]!]));
  const missing = judgements.find(({ product }) => !scoreOf.has(product.id));
  if (missing === undefined && scoreOf.size === judgements.length) {
    return Float32Array.from(judgements, ({ product }) => scoreOf.get(product.id)!);
  }
  const example = missing === undefined ? '' : `, among them ${missing.product.id}`;
  return `found ${scoreOf.size} products, expected the ${judgements.length} that this experiment judges${example}`;
}

const sameQueries = (id: string): string =>
  `Name a run with the same data, data.max_queries and hyperparameters.seed; or evaluate the model of run ${id} on this experiment's test queries and name that evaluation.`;
