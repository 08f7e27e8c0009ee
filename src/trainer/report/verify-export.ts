import type { JudgedQuery } from '../../data/judged-query.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import { openExportedModel } from '../../engine/exported-model.ts';
import type { ModelType } from '../../config/options/names.ts';
import type { Gains } from '../../vocabulary/label.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import { scoreOf } from '../loop/examples.ts';
import { dot } from '../loop/pair-loss.ts';
import { maxOf } from '../../vocabulary/extremes.ts';

/** Pairs that are scored twice. */
const N_PAIRS = 8;

/** Largest difference of scores, relative to scores above 1. */
const TOLERANCE = 1e-4;

export interface VerifyOptions {
  readonly type: ModelType;
  readonly texts: PairTokens;
  readonly maxLength: number;
  readonly gains: Gains;
}

/**
 * Runs a saved model as its users will (transformers.js on `onnx/model.onnx` with the saved tokenizer) on some test pairs and compares with
 * our own scores. Null when they agree. Truncated pairs are left out: transformers.js 4.3 cuts the final separator.
 */
export async function verifyExport(
  folder: string,
  queries: readonly JudgedQuery[],
  scores: readonly Float32Array[],
  { type, texts, maxLength, gains }: VerifyOptions,
): Promise<Problem | null> {
  const pairs = queries
    .flatMap((query, i) =>
      query.judgements.map(({ product }, j) => ({ query: query.text, product: product.text, score: scores[i]![j]! })),
    )
    .filter(({ query, product }) => texts.pairLength(query, product, Infinity) <= maxLength)
    .slice(0, N_PAIRS);
  try {
    const found = await exportedScores(folder, type, pairs, gains);
    const worst = maxOf(
      pairs.map(({ score }, i) => Math.abs(found[i]! - score) / Math.max(1, Math.abs(score))),
      0,
    );
    if (worst <= TOLERANCE) return null;
    return {
      code: 'export-differs',
      message: `the saved model scores ${pairs.length} test pairs differently in transformers.js: by ${worst.toExponential(1)}, expected at most ${TOLERANCE}`,
      where: folder,
      next: 'Please report it with the name of the pretrained model; the rankings of this run are right.',
    };
  } catch (error) {
    // The run is done and its results stand, whatever another library makes of the model.
    return {
      code: 'export-not-checked',
      message: `transformers.js does not run the saved model: ${(error as Error).message}`,
      where: folder,
      next: 'The model may need files that the original folder lacks, such as tokenizer.json.',
    };
  }
}

/** Scores of the pairs by the saved model in transformers.js. */
async function exportedScores(
  folder: string,
  type: ModelType,
  pairs: readonly { readonly query: string; readonly product: string }[],
  gains: Gains,
): Promise<number[]> {
  const model = await openExportedModel(folder, type);
  try {
    if (type === 'bi-encoder') return await cosines(model, pairs);
    const queries = pairs.map(({ query }) => query);
    const products = pairs.map(({ product }) => product);
    return (await model.run(queries, products)).map((logits) => scoreOf(logits, gains));
  } finally {
    await model.dispose();
  }
}

async function cosines(
  model: Awaited<ReturnType<typeof openExportedModel>>,
  pairs: readonly { readonly query: string; readonly product: string }[],
): Promise<number[]> {
  const unit = (vector: Float32Array): Float32Array => vector.map((value) => value / Math.sqrt(dot(vector, vector)));
  const queries = await model.run(pairs.map(({ query }) => query));
  const products = await model.run(pairs.map(({ product }) => product));
  return pairs.map((_, i) => dot(unit(queries[i]!), unit(products[i]!)));
}
