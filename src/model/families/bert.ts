import { tanh } from '../../graph/ops.ts';
import type { Architecture } from '../architecture.ts';
import { MOST } from '../config-numbers.ts';
import type { ConfigNumbers } from '../config-numbers.ts';
import { linear } from '../parts/layers.ts';
import { dense, norm, table, type EmbeddingTables } from '../parts/parameter-spec.ts';
import type { Encoder } from '../parts/encoder.ts';
import { postNormEncoder, type PostNormLayer } from '../parts/post-norm.ts';
import type { Family } from './family.ts';

/** What the configurations of BERT and RoBERTa have in common. */
export function readBertConfig({ size, heads, probability, fraction }: ConfigNumbers) {
  const hiddenDropout = probability('hidden_dropout_prob', 0.1);
  return {
    vocabSize: size('vocab_size', MOST.vocabulary),
    hidden: size('hidden_size', MOST.hidden),
    nLayers: size('num_hidden_layers', MOST.layers),
    nHeads: heads('num_attention_heads', 'hidden_size'),
    intermediate: size('intermediate_size', MOST.intermediate),
    maxPositions: size('max_position_embeddings', MOST.positions),
    layerNormEpsilon: fraction('layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: probability('attention_probs_dropout_prob', 0.1),
    classifierDropout: probability('classifier_dropout', hiddenDropout),
  };
}

/** The encoder of BERT and RoBERTa under the names of their checkpoints. */
export function bertEncoder(architecture: Architecture, prefix: string): Encoder {
  const { nLayers, hidden } = architecture;
  const parts = {
    tables: bertTables(architecture, `${prefix}embeddings`),
    embeddingNorm: norm('embeddings', `${prefix}embeddings.LayerNorm`, hidden),
    layers: Array.from({ length: nLayers }, (_, i) => bertLayer(architecture, `${prefix}encoder.layer.${i}`)),
  };
  return postNormEncoder(architecture, parts, { dropsAttentionOutput: true });
}

/** Words, positions and, where there are any, token types. */
export function bertTables(
  { vocabSize, maxPositions, nTokenTypes, hidden }: Architecture,
  prefix: string,
): EmbeddingTables {
  return [
    table('ids', `${prefix}.word_embeddings`, vocabSize, hidden),
    table('positions', `${prefix}.position_embeddings`, maxPositions, hidden),
    ...(nTokenTypes === 0 ? [] : [table('typeIds', `${prefix}.token_type_embeddings`, nTokenTypes, hidden)]),
  ];
}

function bertLayer({ hidden, intermediate }: Architecture, prefix: string): PostNormLayer {
  const square = (name: string) => dense('encoder', `${prefix}.${name}`, hidden, hidden);
  return {
    query: square('attention.self.query'),
    key: square('attention.self.key'),
    value: square('attention.self.value'),
    attentionOutput: square('attention.output.dense'),
    attentionNorm: norm('encoder', `${prefix}.attention.output.LayerNorm`, hidden),
    intermediate: dense('encoder', `${prefix}.intermediate.dense`, intermediate, hidden),
    output: dense('encoder', `${prefix}.output.dense`, hidden, intermediate),
    outputNorm: norm('encoder', `${prefix}.output.LayerNorm`, hidden),
  };
}

const POOLER = 'pooler.dense';

/** Devlin et al. 2019, arXiv:1810.04805. */
export const bert: Family = {
  modelTypes: ['bert'],
  classes: { encoder: 'BertModel', head: 'BertForSequenceClassification' },
  prefix: 'bert.',
  activationKey: 'hidden_act',
  readConfig: (numbers) => ({
    ...readBertConfig(numbers),
    firstPosition: 0,
    nTokenTypes: numbers.count('type_vocab_size', MOST.tokenTypes, 2),
  }),
  encoder: bertEncoder,
  /** Dropout site: `pooled`. */
  head({ hidden, classifierDropout }, nLabels) {
    const pooler = dense('pooler', `bert.${POOLER}`, hidden, hidden);
    const classifier = dense('classifier', 'classifier', nLabels, hidden);
    return {
      specs: [pooler.weight, pooler.bias, classifier.weight, classifier.bias],
      classify: (parameters, first, dropout) => {
        const pooled = tanh(linear(parameters, first, pooler));
        return linear(parameters, dropout(pooled, 'pooled', classifierDropout), classifier);
      },
    };
  },
  unused({ hidden }) {
    const pooler = dense('pooler', POOLER, hidden, hidden);
    return [pooler.weight, pooler.bias];
  },
};
