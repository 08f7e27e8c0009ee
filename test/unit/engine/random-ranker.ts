import type { ModelType } from '../../../src/config/options/names.ts';
import type { Sequence } from '../../../src/engine/feeds.ts';
import type { MicroBatch } from '../../../src/engine/training-step.ts';
import type { Architecture } from '../../../src/model/architecture.ts';
import { parameterSpecs } from '../../../src/model/parameter-names.ts';
import type { RankerSpec } from '../../../src/model/ranker.ts';
import type { FloatTensor } from '../../../src/model/safetensors.ts';
import { sizeOf } from '../../../src/graph/shape.ts';
import { seededRandom } from '../graph/tensors.ts';

/** The shape of all-MiniLM-L6-v2. */
export const MINILM_L6: Architecture = {
  family: 'bert',
  vocabSize: 30_522,
  hidden: 384,
  nLayers: 6,
  nHeads: 12,
  intermediate: 1536,
  maxPositions: 512,
  firstPosition: 0,
  nTokenTypes: 2,
  layerNormEpsilon: 1e-12,
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  classifierDropout: 0.1,
};

/** Large enough for every kind of node, small enough for many steps. */
export const SMALL: Architecture = {
  ...MINILM_L6,
  vocabSize: 100,
  hidden: 32,
  nLayers: 2,
  nHeads: 4,
  intermediate: 64,
  maxPositions: 64,
};

/** A ranker with random parameters: matrices of deviation 0.02 as BERT is initialised, LayerNorm weights 1. */
export function randomRanker(
  architecture: Architecture,
  type: ModelType = 'cross-encoder',
  seed = 1,
): { ranker: RankerSpec; parameters: Map<string, FloatTensor> } {
  const nLabels = type === 'cross-encoder' ? 1 : null;
  const random = seededRandom(seed);
  const parameters = new Map<string, FloatTensor>();
  for (const { name, shape, hasDecay } of parameterSpecs(architecture, nLabels)) {
    const data = new Float32Array(sizeOf(shape));
    const isNormWeight = !hasDecay && name.endsWith('weight');
    // Uniform with the deviation of the normal distribution that models start from.
    for (let i = 0; i < data.length; i++) data[i] = isNormWeight ? 1 : (random() - 0.5) * 0.02 * Math.sqrt(12);
    parameters.set(name, { shape, data });
  }
  return { ranker: { architecture, type, nLabels, pooling: 'mean', isNormalised: true }, parameters };
}

/** Random token ids with a second segment; lengths between half and all of `tokens`, the first sequence has all. */
export function randomSequences(vocabSize: number, batch: number, tokens: number, seed = 1): Sequence[] {
  const random = seededRandom(seed);
  return Array.from({ length: batch }, (_, i) => {
    const length = i === 0 ? tokens : Math.ceil(tokens / 2 + (random() * tokens) / 2);
    const ids = Int32Array.from({ length }, () => Math.floor(random() * vocabSize));
    return { ids, typeIds: Int32Array.from({ length }, (_, j) => (j < length / 3 ? 0 : 1)) };
  });
}

/** A batch of pairs with the gains of E, S, C and I in turn as targets, weighted for their mean. */
export function randomPairs(vocabSize: number, batch: number, tokens: number, seed = 1): MicroBatch {
  return {
    towers: [randomSequences(vocabSize, batch, tokens, seed)],
    targets: Float32Array.from({ length: batch }, (_, i) => [1, 0.1, 0.01, 0][i % 4]!),
    weights: new Float32Array(batch).fill(1 / batch),
  };
}
