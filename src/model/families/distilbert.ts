import { relu } from '../../graph/ops.ts';
import type { Architecture } from '../architecture.ts';
import { MOST } from '../config-numbers.ts';
import { linear } from '../parts/layers.ts';
import { dense, norm } from '../parts/parameter-spec.ts';
import { postNormEncoder, type PostNormLayer } from '../parts/post-norm.ts';
import { bertTables } from './bert.ts';
import type { Family } from './family.ts';

function layerOf({ hidden, intermediate }: Architecture, prefix: string): PostNormLayer {
  const square = (name: string) => dense('encoder', `${prefix}.attention.${name}`, hidden, hidden);
  return {
    query: square('q_lin'),
    key: square('k_lin'),
    value: square('v_lin'),
    attentionOutput: square('out_lin'),
    attentionNorm: norm('encoder', `${prefix}.sa_layer_norm`, hidden),
    intermediate: dense('encoder', `${prefix}.ffn.lin1`, intermediate, hidden),
    output: dense('encoder', `${prefix}.ffn.lin2`, hidden, intermediate),
    outputNorm: norm('encoder', `${prefix}.output_layer_norm`, hidden),
  };
}

/** Sanh et al. 2019, arXiv:1910.01108. */
export const distilbert: Family = {
  modelTypes: ['distilbert'],
  classes: { encoder: 'DistilBertModel', head: 'DistilBertForSequenceClassification' },
  prefix: 'distilbert.',
  activationKey: 'activation',
  readConfig: ({ size, heads, probability }) => ({
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
  }),
  encoder(architecture, prefix) {
    const { nLayers, hidden } = architecture;
    const parts = {
      tables: bertTables(architecture, `${prefix}embeddings`),
      embeddingNorm: norm('embeddings', `${prefix}embeddings.LayerNorm`, hidden),
      layers: Array.from({ length: nLayers }, (_, i) => layerOf(architecture, `${prefix}transformer.layer.${i}`)),
    };
    return postNormEncoder(architecture, parts, { dropsAttentionOutput: false });
  },
  /** Dropout site: `pooled`. */
  head({ hidden, classifierDropout }, nLabels) {
    const pooler = dense('pooler', 'pre_classifier', hidden, hidden);
    const classifier = dense('classifier', 'classifier', nLabels, hidden);
    return {
      specs: [pooler.weight, pooler.bias, classifier.weight, classifier.bias],
      classify: (parameters, first, dropout) => {
        const pooled = relu(linear(parameters, first, pooler));
        return linear(parameters, dropout(pooled, 'pooled', classifierDropout), classifier);
      },
    };
  },
  unused: () => [],
};
