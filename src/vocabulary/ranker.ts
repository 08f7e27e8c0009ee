/** A ranking whose metrics are reported on the test set: floor, lexical, model before, the run to compare with, model after, ceiling. */
export const RANKERS = ['random', 'bm25', 'pretrained', 'baseline', 'fine-tuned', 'ideal'] as const;
export type RankerName = (typeof RANKERS)[number];

/** What a run's differences refer to, the first that it has: the run that its experiment names, else its model before training. */
export const BASES = ['baseline', 'pretrained'] as const satisfies readonly RankerName[];
export type Base = (typeof BASES)[number];

/** What a ranker is called in tables; files may name others. */
export function rankerLabel(name: string): string {
  return name === 'bm25' ? 'BM25' : name;
}

/** The run's own model among the rankers that it has: after training, or as it is where the run only evaluates. */
export function modelOf(has: readonly string[]): 'fine-tuned' | 'pretrained' {
  return has.includes('fine-tuned') ? 'fine-tuned' : 'pretrained';
}

/** What `modelOf` is compared with; undefined where there is nothing but the model itself. */
export function baseOf(has: readonly string[]): Base | undefined {
  const model = modelOf(has);
  return BASES.find((base) => base !== model && has.includes(base));
}
