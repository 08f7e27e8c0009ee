import type { JudgedQuery, Judgement } from '../../data/judged-query.ts';
import { lossInputs } from '../../model/loss-graph.ts';
import { LOSSES, type LossName } from '../../losses/losses.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import type { Texts } from '../../tokenise/texts.ts';
import type { Gains } from '../../vocabulary/label.ts';

/** What a loss learns from at once: some products of a query. */
export interface Example {
  readonly query: JudgedQuery;
  /** Place of the query among those that the examples were taken from. */
  readonly queryIndex: number;
  /** Places of the products among the query's judgements; one for a loss over pairs. */
  readonly products: readonly number[];
  /** Number of its first pair among all; the others follow. */
  readonly firstPair: number;
}

/** The examples of a loss, in the data's order. */
export function examplesFor(loss: LossName, queries: readonly JudgedQuery[]): Example[] {
  const { examples } = LOSSES[loss];
  let nPairs = 0;
  return queries.flatMap((query, queryIndex) =>
    examples(query.judgements.map(({ label }) => label)).map((products) => {
      const firstPair = nPairs;
      nPairs += products.length;
      return { query, queryIndex, products, firstPair };
    }),
  );
}

export function judgementsOf({ query, products }: Example): readonly Judgement[] {
  return products.map((i) => query.judgements[i]!);
}

/** Texts of an example by the ranker's towers. */
export function towersOf(ranker: Ranker, example: Example): readonly (readonly Texts[])[] {
  return ranker.textsOf(
    example.query.text,
    judgementsOf(example).map(({ product }) => product.text),
  );
}

/** Query–product pairs that the examples hold. */
export function countPairs(examples: readonly Example[]): number {
  return examples.reduce((sum, { products }) => sum + products.length, 0);
}

/** Data of a loss's inputs for some examples out of `nExamples` that its mean is over, by input. */
export function lossInputsOf(
  loss: LossName,
  examples: readonly Example[],
  options: { readonly nExamples: number; readonly nLabels: number; readonly gains: Gains },
): Readonly<Record<string, readonly number[]>> {
  const labels = examples.map((example) => judgementsOf(example).map(({ label }) => label));
  return lossInputs(loss, { labels, ...options });
}
