import { ProblemError } from '../protocol/problem.ts';

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
const familyOf: Readonly<Record<string, Family>> = {
  bert: 'bert',
  roberta: 'roberta',
  'xlm-roberta': 'roberta',
  camembert: 'roberta',
  distilbert: 'distilbert',
};

type RawConfig = Readonly<Record<string, unknown>>;

/** Reads `config.json`'s content. A model type or an activation that we do not implement is a problem. */
export function parseArchitecture(config: RawConfig, where: string): Architecture {
  const modelType = config['model_type'];
  const family = typeof modelType === 'string' ? familyOf[modelType] : undefined;
  if (family === undefined) {
    throw new ProblemError({
      code: 'unknown-architecture',
      message: `the model is of type ${JSON.stringify(modelType)}; known are ${Object.keys(familyOf).join(', ')}`,
      where,
      next: 'Choose a model of the BERT family.',
    });
  }
  const read = reader(config, where);
  const activation = config['hidden_act'] ?? config['activation'] ?? 'gelu';
  if (activation !== 'gelu') {
    throw new ProblemError({
      code: 'unknown-activation',
      message: `the model uses the activation ${JSON.stringify(activation)}; only "gelu" is known`,
      where,
      next: 'Choose another model.',
    });
  }
  if (family === 'distilbert') {
    const dropout = read('dropout', 0.1);
    return {
      family,
      vocabSize: read('vocab_size'),
      hidden: read('dim'),
      nLayers: read('n_layers'),
      nHeads: read('n_heads'),
      intermediate: read('hidden_dim'),
      maxPositions: read('max_position_embeddings'),
      firstPosition: 0,
      nTokenTypes: 0,
      layerNormEpsilon: 1e-12,
      hiddenDropout: dropout,
      attentionDropout: read('attention_dropout', 0.1),
      classifierDropout: read('seq_classif_dropout', 0.2),
    };
  }
  const hiddenDropout = read('hidden_dropout_prob', 0.1);
  return {
    family,
    vocabSize: read('vocab_size'),
    hidden: read('hidden_size'),
    nLayers: read('num_hidden_layers'),
    nHeads: read('num_attention_heads'),
    intermediate: read('intermediate_size'),
    maxPositions: read('max_position_embeddings'),
    firstPosition: family === 'roberta' ? read('pad_token_id', 1) + 1 : 0,
    nTokenTypes: read('type_vocab_size', family === 'roberta' ? 1 : 2),
    layerNormEpsilon: read('layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: read('attention_probs_dropout_prob', 0.1),
    classifierDropout: typeof config['classifier_dropout'] === 'number' ? config['classifier_dropout'] : hiddenDropout,
  };
}

function reader(config: RawConfig, where: string): (key: string, fallback?: number) => number {
  return (key, fallback) => {
    const value = config[key] ?? fallback;
    if (typeof value === 'number') return value;
    throw new ProblemError({
      code: 'bad-model-config',
      message: `"${key}" is ${JSON.stringify(value)}, expected a number`,
      where,
      next: 'Use a complete Hugging Face model folder.',
    });
  };
}
