import { tanh } from '../../graph/ops.ts';
import { MOST } from '../config-numbers.ts';
import { linear } from '../parts/layers.ts';
import { dense } from '../parts/parameter-spec.ts';
import { bertEncoder, readBertConfig } from './bert.ts';
import type { Family } from './family.ts';

/** Liu et al. 2019, arXiv:1907.11692; XLM-RoBERTa and CamemBERT are the same encoder with other vocabularies. */
export const roberta: Family = {
  modelTypes: ['roberta', 'xlm-roberta', 'camembert'],
  classes: { encoder: 'RobertaModel', head: 'RobertaForSequenceClassification' },
  prefix: 'roberta.',
  activationKey: 'hidden_act',
  readConfig(numbers) {
    const common = readBertConfig(numbers);
    return {
      ...common,
      // The positions before it belong to padding; one at least has to be left.
      firstPosition: numbers.count('pad_token_id', common.maxPositions - 2, 1) + 1,
      nTokenTypes: numbers.count('type_vocab_size', MOST.tokenTypes, 1),
    };
  },
  encoder: bertEncoder,
  /** Dropout sites: `first`, before the dense layer, and `pooled` behind it. */
  head({ hidden, classifierDropout: p }, nLabels) {
    const pooler = dense('pooler', 'classifier.dense', hidden, hidden);
    const classifier = dense('classifier', 'classifier.out_proj', nLabels, hidden);
    return {
      specs: [pooler.weight, pooler.bias, classifier.weight, classifier.bias],
      classify: (parameters, first, dropout) => {
        const pooled = tanh(linear(parameters, dropout(first, 'first', p), pooler));
        return linear(parameters, dropout(pooled, 'pooled', p), classifier);
      },
    };
  },
  unused: () => [],
};
