import type { JudgedQuery } from '../../data/judged-query.ts';
import { openExportedModel } from '../../engine/exported-model.ts';
import type { Ranker, ScoreOptions } from '../../model/rankers/ranker.ts';
import { lengthOf } from '../../tokenise/texts.ts';
import type { PairTokens } from '../../tokenise/tokeniser.ts';
import { maxOf } from '../../vocabulary/extremes.ts';
import type { Problem } from '../../vocabulary/problem.ts';

/** Pairs that are scored twice. */
const N_PAIRS = 8;

/** Largest difference of scores, relative to scores above 1. */
const TOLERANCE = 1e-4;

export interface VerifyOptions extends ScoreOptions {
  readonly ranker: Ranker;
  readonly tokens: PairTokens;
  readonly maxLength: number;
}

/**
 * Runs a saved model as its users will (transformers.js on `onnx/model.onnx` with the saved tokenizer) on some test pairs and compares with
 * our own scores. Null when they agree. Truncated pairs are left out: transformers.js 4.3 cuts the final separator.
 */
export async function verifyExport(
  folder: string,
  queries: readonly JudgedQuery[],
  scores: readonly Float32Array[],
  { ranker, tokens, maxLength, ...options }: VerifyOptions,
): Promise<Problem | null> {
  const isWhole = (query: string, product: string): boolean =>
    ranker
      .textsOf(query, [product])
      .flat()
      .every((texts) => lengthOf(tokens, texts, Infinity) <= maxLength);
  const pairs = queries
    .flatMap((query, i) =>
      query.judgements.map(({ product }, j) => ({ query: query.text, product: product.text, score: scores[i]![j]! })),
    )
    .filter(({ query, product }) => isWhole(query, product))
    .slice(0, N_PAIRS);
  try {
    const found = await exportedScores(folder, ranker, pairs, options);
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
  ranker: Ranker,
  pairs: readonly { readonly query: string; readonly product: string }[],
  options: ScoreOptions,
): Promise<readonly number[]> {
  const { texts, read } = ranker.plan(pairs.map(({ query, product }) => ({ query, products: [product] })));
  const model = await openExportedModel(folder, ranker.exported);
  try {
    return read(await model.run(texts))
      .scores(options)
      .map(([score]) => score!);
  } finally {
    await model.dispose();
  }
}
