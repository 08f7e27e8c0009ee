import { shown, type Json } from '../files/json-file.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { numbersOf, type ConfigNumbers } from './config-numbers.ts';

export const FAMILIES = ['bert', 'roberta', 'distilbert'] as const;
export type Family = (typeof FAMILIES)[number];

/** What `config.json` says of an encoder, in one vocabulary for all families. */
export interface Architecture {
  readonly family: Family;
  readonly vocabSize: number;
  readonly hidden: number;
  readonly nLayers: number;
  readonly nHeads: number;
  readonly intermediate: number;
  /** Rows of the position table. */
  readonly maxPositions: number;
  /** Position id of a sequence's first token: RoBERTa starts after its padding id. */
  readonly firstPosition: number;
  /** Rows of the token type table; 0 where the family has none. */
  readonly nTokenTypes: number;
  readonly layerNormEpsilon: number;
  /** Dropout probability after embeddings, attention output and feed-forward. */
  readonly hiddenDropout: number;
  /** Dropout probability of attention weights. */
  readonly attentionDropout: number;
  /** Dropout probability before the classifier. */
  readonly classifierDropout: number;
}

/** Model types of `config.json` that share a family's code. */
const FAMILY_OF: ReadonlyMap<string, Family> = new Map([
  ['bert', 'bert'],
  ['roberta', 'roberta'],
  ['xlm-roberta', 'roberta'],
  ['camembert', 'roberta'],
  ['distilbert', 'distilbert'],
]);

/**
 * Reads `config.json`'s content. Every number is within what an encoder can have, so that nothing large is built from a
 * wrong one; whether the weights are of these sizes is for their reader to see.
 * @throws ProblemError `unknown-architecture`, `unknown-activation`, `bad-model-config`
 */
export function parseArchitecture(config: Json, where: string): Architecture {
  const modelType = config['model_type'];
  const family = typeof modelType === 'string' ? FAMILY_OF.get(modelType) : undefined;
  if (family === undefined) {
    throw new ProblemError({
      code: 'unknown-architecture',
      message: `the model is of type ${shown(modelType)}; known are ${[...FAMILY_OF.keys()].join(', ')}`,
      where,
      next: 'Choose a model of the BERT family.',
    });
  }
  const activation = config['hidden_act'] ?? config['activation'] ?? 'gelu';
  if (activation !== 'gelu') {
    throw new ProblemError({
      code: 'unknown-activation',
      message: `the model uses the activation ${shown(activation)}; only "gelu" is known`,
      where,
      next: 'Choose another model.',
    });
  }
  const numbers = numbersOf(config, where);
  return family === 'distilbert' ? distilbert(numbers) : bert(family, numbers);
}

function distilbert({ size, heads, probability }: ConfigNumbers): Architecture {
  return {
    family: 'distilbert',
    vocabSize: size('vocab_size', MOST.vocabulary),
    hidden: size('dim', MOST.hidden),
    nLayers: size('n_layers', MOST.layers),
    nHeads: heads('n_heads', 'dim'),
    intermediate: size('hidden_dim', MOST.intermediate),
    maxPositions: size('max_position_embeddings', MOST.positions),
    firstPosition: 0,
    nTokenTypes: 0,
    layerNormEpsilon: 1e-12,
    hiddenDropout: probability('dropout', 0.1),
    attentionDropout: probability('attention_dropout', 0.1),
    classifierDropout: probability('seq_classif_dropout', 0.2),
  };
}

function bert(family: 'bert' | 'roberta', { count, size, heads, probability, fraction }: ConfigNumbers): Architecture {
  const hiddenDropout = probability('hidden_dropout_prob', 0.1);
  const maxPositions = size('max_position_embeddings', MOST.positions);
  return {
    family,
    vocabSize: size('vocab_size', MOST.vocabulary),
    hidden: size('hidden_size', MOST.hidden),
    nLayers: size('num_hidden_layers', MOST.layers),
    nHeads: heads('num_attention_heads', 'hidden_size'),
    intermediate: size('intermediate_size', MOST.intermediate),
    maxPositions,
    // The positions before it belong to padding; one at least has to be left.
    firstPosition: family === 'roberta' ? count('pad_token_id', maxPositions - 2, 1) + 1 : 0,
    nTokenTypes: count('type_vocab_size', MOST.tokenTypes, family === 'roberta' ? 1 : 2),
    layerNormEpsilon: fraction('layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: probability('attention_probs_dropout_prob', 0.1),
    classifierDropout: probability('classifier_dropout', hiddenDropout),
  };
}

/** Sizes that no encoder reaches: several times those of the largest published ones. */
const MOST = {
  vocabulary: 2 ** 23,
  hidden: 2 ** 16,
  layers: 1024,
  intermediate: 2 ** 20,
  positions: 2 ** 20,
  tokenTypes: 256,
} as const;
