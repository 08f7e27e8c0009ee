import type { JudgedQuery } from '../../data/judged-query.ts';
import { lengthSortedBatches } from '../../data/batch.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import type { Scorer } from '../../engine/scorer.ts';
import type { Gains } from '../../vocabulary/label.ts';
import type { RankerSpec } from '../../model/ranker.ts';
import type { Sequence } from '../../engine/feeds.ts';
import { scoreOf } from './examples.ts';
import { dot } from './pair-loss.ts';

/** A ranker that is ready to score. */
export interface LoadedRanker {
  readonly spec: RankerSpec;
  readonly scorer: Scorer;
}

export interface ScoringOptions {
  readonly texts: PairTokens;
  readonly maxLength: number;
  /** Most tokens of a batch, padding included. */
  readonly batchTokens: number;
  readonly gains: Gains;
  /** Called after each batch; may throw to end the scoring. */
  readonly onProgress?: (nDone: number, nTotal: number) => void;
}

/** Results for queries in their order, products in theirs. */
export interface ScoredQueries {
  /** Higher is better: a logit, an expected gain, or a cosine. */
  readonly scores: readonly Float32Array[];
  /** Logits `[pairs, labels]` of a cross-encoder over all pairs in order; null for a bi-encoder. */
  readonly logits: Float32Array | null;
  /** Unit vectors of a text that was scored; null for a cross-encoder. */
  readonly vectorOf: ((text: string) => Float32Array) | null;
}

/** Scores every judged product of every query. */
export function scoreQueries(
  ranker: LoadedRanker,
  queries: readonly JudgedQuery[],
  options: ScoringOptions,
): Promise<ScoredQueries> {
  return ranker.spec.type === 'cross-encoder'
    ? scorePairs(ranker, queries, options)
    : scoreTexts(ranker, queries, options);
}

async function scorePairs(
  { scorer }: LoadedRanker,
  queries: readonly JudgedQuery[],
  options: ScoringOptions,
): Promise<ScoredQueries> {
  const pairs = queries.flatMap((query) =>
    query.judgements.map(({ product }) => ({ query: query.text, text: product.text })),
  );
  const lengths = pairs.map(({ query, text }) => options.texts.pairLength(query, text, options.maxLength));
  const logits = await scoreAll(
    scorer,
    lengths,
    (i) => options.texts.pair(pairs[i]!.query, pairs[i]!.text, options.maxLength),
    options,
  );
  let row = 0;
  const scores = queries.map((query) =>
    Float32Array.from(query.judgements, () => {
      const start = row++ * scorer.width;
      return scoreOf(logits.subarray(start, start + scorer.width), options.gains);
    }),
  );
  return { scores, logits, vectorOf: null };
}

/** Each distinct text is embedded once; the score is the cosine. */
async function scoreTexts(
  { scorer }: LoadedRanker,
  queries: readonly JudgedQuery[],
  options: ScoringOptions,
): Promise<ScoredQueries> {
  const index = new Map<string, number>();
  for (const query of queries) {
    for (const text of [query.text, ...query.judgements.map(({ product }) => product.text)]) {
      if (!index.has(text)) index.set(text, index.size);
    }
  }
  const texts = [...index.keys()];
  const lengths = texts.map((text) => options.texts.length(text, options.maxLength));
  const vectors = await scoreAll(scorer, lengths, (i) => options.texts.single(texts[i]!, options.maxLength), options);
  const units = texts.map((_, i) => normalise(vectors.subarray(i * scorer.width, (i + 1) * scorer.width)));
  const vectorOf = (text: string): Float32Array => {
    const i = index.get(text);
    if (i === undefined) throw new Error(`the text was not scored: ${text.slice(0, 80)}`);
    return units[i]!;
  };
  const scores = queries.map((query) => {
    const vector = vectorOf(query.text);
    return Float32Array.from(query.judgements, ({ product }) => dot(vector, vectorOf(product.text)));
  });
  return { scores, logits: null, vectorOf };
}

/** Outputs `[n, width]` of n sequences in their order, computed in batches of similar length. */
async function scoreAll(
  scorer: Scorer,
  lengths: readonly number[],
  sequence: (i: number) => Sequence,
  { batchTokens, onProgress }: ScoringOptions,
): Promise<Float32Array> {
  const all = new Float32Array(lengths.length * scorer.width);
  let nDone = 0;
  for (const batch of lengthSortedBatches(lengths, batchTokens)) {
    const outputs = await scorer.score(Array.from(batch, sequence));
    Array.from(batch).forEach((i, row) => {
      all.set(outputs.subarray(row * scorer.width, (row + 1) * scorer.width), i * scorer.width);
    });
    nDone += batch.length;
    onProgress?.(nDone, lengths.length);
    // run() blocks the event loop: let signals and timers in between two batches.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return all;
}

function normalise(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / norm);
}
