import type { ModelType } from '../../vocabulary/model-type.ts';
import type { Experiment } from '../experiment.ts';
import { BLOCKS } from './names.ts';
import type { BlockName } from './names.ts';

/** An option that only one type of model has. */
export interface OwnOption {
  readonly path: string;
  /** Whether an experiment of another type says something by it, which has no effect there. */
  readonly isSet: (experiment: Experiment, isGiven: (path: string) => boolean) => boolean;
  /** Found and expected, in words, when another type's experiment sets it. */
  readonly remark: (experiment: Experiment) => { readonly found: string; readonly expected: string };
}

/** What an experiment has to know of a type of model; what it computes is in src/model/rankers. */
export interface ModelTypeFacts {
  /** Parts that can be frozen. */
  readonly blocks: readonly BlockName[];
  readonly ownOptions: readonly OwnOption[];
}

const ofBiEncoders = ({ model }: Experiment): ReturnType<OwnOption['remark']> => ({
  found: 'an option of bi-encoders',
  expected: `none: model.type is ${model.type}`,
});

/** The one table of what options know of model types. */
export const MODEL_TYPE_FACTS = {
  'cross-encoder': {
    blocks: BLOCKS,
    ownOptions: [
      {
        path: 'hyperparameters.num_labels',
        isSet: ({ hyperparameters }) => hyperparameters.num_labels > 1,
        remark: ({ model, hyperparameters }) => ({
          found: String(hyperparameters.num_labels),
          expected: `1: a ${model.type} has no outputs to count`,
        }),
      },
    ],
  },
  'bi-encoder': {
    blocks: ['embeddings', 'encoder'],
    ownOptions: [
      {
        path: 'model.pooling',
        isSet: ({ model }, isGiven) => isGiven('model.pooling') && model.pooling !== null,
        remark: ofBiEncoders,
      },
      { path: 'model.normalize', isSet: (_, isGiven) => isGiven('model.normalize'), remark: ofBiEncoders },
    ],
  },
} as const satisfies Record<ModelType, ModelTypeFacts>;

/** Options of other types that an experiment sets in vain. */
export function foreignOptions(experiment: Experiment, isGiven: (path: string) => boolean): readonly OwnOption[] {
  return Object.entries<ModelTypeFacts>(MODEL_TYPE_FACTS)
    .filter(([type]) => type !== experiment.model.type)
    .flatMap(([, { ownOptions }]) => ownOptions)
    .filter(({ isSet }) => isSet(experiment, isGiven));
}
