import { OPTIONS, type OptionPath } from './options/options.ts';

type Entry<P extends OptionPath> = (typeof OPTIONS)[P];

/** The type of an option's value, from its entry in the table. */
type ValueOf<O> = (O extends { readonly nullable: true } ? null : never) | BaseValueOf<O>;

type BaseValueOf<O> = O extends { readonly kind: 'choice'; readonly values: readonly (infer V)[] }
  ? V
  : O extends { readonly kind: 'number' }
    ? number
    : O extends { readonly kind: 'flag' }
      ? boolean
      : O extends { readonly kind: 'texts' }
        ? readonly string[]
        : string;

/** First part of what follows a prefix, over all paths: `hyperparameters`, `training_blocks[]`, `engine` for ''. */
type KeyBelow<Prefix extends string> = OptionPath extends infer P
  ? P extends `${Prefix}${infer Rest}`
    ? Rest extends `${infer Head}.${string}`
      ? Head
      : Rest
    : never
  : never;

/** The mapping below a prefix, `[]` keys as lists. */
type MappingAt<Prefix extends string> = {
  readonly [K in KeyBelow<Prefix> as K extends `${infer Name}[]` ? Name : K]: `${Prefix}${K}` extends OptionPath
    ? ValueOf<Entry<`${Prefix}${K}`>>
    : K extends `${string}[]`
      ? readonly MappingAt<`${Prefix}${K}.`>[]
      : MappingAt<`${Prefix}${K}.`>;
};

/** A complete experiment: every option of the table has a value, defaults filled in; keys as in the YAML. */
export type Experiment = MappingAt<''>;

/** Whether a block is trained: it is unless the experiment lists it as frozen. */
export function isBlockTrained(
  experiment: Experiment,
  block: Experiment['training_blocks'][number]['block_name'],
): boolean {
  return experiment.training_blocks.find(({ block_name }) => block_name === block)?.training ?? true;
}
