import { lengthSortedBatches } from '../../data/batch.ts';
import type { JudgedQuery } from '../../data/judged-query.ts';
import type { Scorer } from '../../engine/engine.ts';
import type { QueryTexts, Ranker, ScoredOutputs, ScoreOptions } from '../../model/rankers/ranker.ts';
import { lengthOf, sequenceOf, type Texts } from '../../tokenise/texts.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';

/** A ranker that is ready to score. */
export interface LoadedRanker {
  readonly ranker: Ranker;
  readonly scorer: Scorer;
}

export interface ScoringOptions extends ScoreOptions {
  readonly tokens: PairTokens;
  readonly maxLength: number;
  /** Most tokens of a batch, padding included. */
  readonly batchTokens: number;
  /** Called after each batch; may throw to end the scoring. */
  readonly onProgress?: (nDone: number, nTotal: number) => void;
}

/** The texts of queries and of all their products. */
export function textsOf(queries: readonly JudgedQuery[]): QueryTexts[] {
  return queries.map(({ text, judgements }) => ({
    query: text,
    products: judgements.map(({ product }) => product.text),
  }));
}

/** Scores of every judged product of every query, in their order; higher is better. */
export async function scoreQueries(
  loaded: LoadedRanker,
  queries: readonly JudgedQuery[],
  options: ScoringOptions,
): Promise<Float32Array[]> {
  return (await runQueries(loaded, queries, options)).scores(options);
}

/** Runs the model on every judged product of every query. */
export async function runQueries(
  { ranker, scorer }: LoadedRanker,
  queries: readonly JudgedQuery[],
  { tokens, maxLength, batchTokens, onProgress }: ScoringOptions,
): Promise<ScoredOutputs> {
  const { texts, read } = ranker.plan(textsOf(queries));
  const { width } = ranker;
  const outputs = new Float32Array(texts.length * width);
  let nDone = 0;
  for (const { items } of scoringBatches(texts, { tokens, maxLength, batchTokens })) {
    const rows = await scorer.score(items.map((i) => sequenceOf(tokens, texts[i]!, maxLength)));
    items.forEach((i, row) => outputs.set(rows.subarray(row * width, (row + 1) * width), i * width));
    nDone += items.length;
    onProgress?.(nDone, texts.length);
    // A native run blocks the event loop: let signals and timers in between two batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return read(outputs);
}

/** Some of the texts to be scored, of like length. */
export interface ScoringBatch {
  /** Places of the texts. */
  readonly items: readonly number[];
  /** Longest sequence, in tokens. */
  readonly length: number;
}

/** Batches for scoring, longest sequences first. */
export function scoringBatches(
  texts: readonly Texts[],
  { tokens, maxLength, batchTokens }: Pick<ScoringOptions, 'tokens' | 'maxLength' | 'batchTokens'>,
): ScoringBatch[] {
  const lengths = texts.map((text) => lengthOf(tokens, text, maxLength));
  return lengthSortedBatches(lengths, batchTokens).map((items) => ({ items, length: lengths[items[0]!]! }));
}
