import type { ModelType } from '../../vocabulary/model-type.ts';
import type { ModelConfig } from '../model-config.ts';
import { biEncoder } from './bi-encoder.ts';
import { crossEncoder } from './cross-encoder.ts';
import type { Ranker, RankerOptions } from './ranker.ts';

/** The one table of model types: how a ranker of each is made. */
const RANKERS = { 'cross-encoder': crossEncoder, 'bi-encoder': biEncoder } as const satisfies Record<
  ModelType,
  (config: ModelConfig, options: RankerOptions) => Ranker
>;

/** What a model whose head is missing ranks as meanwhile: it needs none. */
export const WITHOUT_HEAD: ModelType = 'bi-encoder';

/** The ranker of a type; options that its type does not have are ignored. */
export function createRanker(type: ModelType, config: ModelConfig, options: RankerOptions): Ranker {
  return RANKERS[type](config, options);
}
