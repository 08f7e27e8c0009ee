import type { OptimizerName } from '../../config/options/names.ts';
import { ADAMW_DEFAULTS, adamwUpdate, decayOnly, type AdamWOptions, type Moments, type Update } from './adamw.ts';

/** An optimiser as loops over the elements of one parameter. */
export interface Optimizer {
  readonly defaults: AdamWOptions;
  /** Updates elements `from`…`to` of a parameter and its moments in place. */
  readonly update: (
    parameter: Float32Array,
    gradient: Float32Array,
    moments: Moments,
    update: Update,
    from?: number,
    to?: number,
  ) => void;
  /** The same where gradient and moments are zero. */
  readonly updateUntouched: (parameter: Float32Array, update: Update, from: number, to: number) => void;
}

/** The one table of optimisers. */
export const OPTIMIZERS = {
  AdamW: { defaults: ADAMW_DEFAULTS, update: adamwUpdate, updateUntouched: decayOnly },
} as const satisfies Record<OptimizerName, Optimizer>;
