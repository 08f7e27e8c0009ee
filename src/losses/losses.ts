import type { ModelType } from '../vocabulary/model-type.ts';
import { MODEL_TYPES } from '../vocabulary/model-type.ts';
import { bce } from './bce.ts';
import { cosineMse } from './cosine-mse.ts';
import type { Loss, LossOf } from './loss.ts';
import { mse } from './mse.ts';
import { multipleNegatives } from './multiple-negatives.ts';

/** The one table of losses, by their names in experiments; the first of a model type is its default. */
export const LOSSES = {
  MSE: mse,
  BCE: bce,
  'cosine-MSE': cosineMse,
  'multiple-negatives': multipleNegatives,
} as const satisfies Record<string, Loss>;

export type LossName = keyof typeof LOSSES;

type NonEmpty<T> = readonly [T, ...T[]];

export const LOSS_NAMES = Object.keys(LOSSES) as readonly string[] as NonEmpty<LossName>;

/** The losses of each model type. */
export const LOSS_NAMES_OF = Object.fromEntries(
  MODEL_TYPES.map((type) => [type, LOSS_NAMES.filter((name) => LOSSES[name].modelType === type)]),
) as unknown as Readonly<Record<ModelType, NonEmpty<LossName>>>;

/** A loss of a model type. Throws for one of another: experiments that name such a pair are refused. */
export function lossOf<T extends ModelType>(type: T, name: LossName): LossOf[T] {
  const loss: Loss = LOSSES[name];
  if (loss.modelType === type) return loss as LossOf[T];
  throw new Error(`a ${type} has no loss ${name}; it has ${LOSS_NAMES_OF[type].join(', ')}`);
}
