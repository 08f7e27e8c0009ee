import type { MicroBatch, Sequence } from '../../../src/engine/engine.ts';
import type { ModelConfig } from '../../../src/model/model-config.ts';
import type { Ranker } from '../../../src/model/rankers/ranker.ts';
import { createRanker } from '../../../src/model/rankers/rankers.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import type { FloatTensor } from '../../../src/model/tensor-stream.ts';
import { sizeOf } from '../../../src/graph/shape.ts';
import { seededRandom } from '../graph/tensors.ts';

/** The shape of all-MiniLM-L6-v2. */
export const MINILM_L6: ModelConfig = {
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
export const SMALL: ModelConfig = {
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
  config: ModelConfig,
  type: ModelType = 'cross-encoder',
  seed = 1,
): { ranker: Ranker; parameters: Map<string, FloatTensor> } {
  const ranker = createRanker(type, config, { nLabels: 1, pooling: 'mean', isNormalised: true });
  const random = seededRandom(seed);
  const parameters = new Map<string, FloatTensor>();
  for (const { name, shape, hasDecay } of ranker.specs) {
    const data = new Float32Array(sizeOf(shape));
    const isNormWeight = !hasDecay && name.endsWith('weight');
    // Uniform with the deviation of the normal distribution that models start from.
    for (let i = 0; i < data.length; i++) data[i] = isNormWeight ? 1 : (random() - 0.5) * 0.02 * Math.sqrt(12);
    parameters.set(name, { shape, data });
  }
  return { ranker, parameters };
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
  return batchOf([randomSequences(vocabSize, batch, tokens, seed)], {
    targets: Array.from({ length: batch }, (_, i) => [1, 0.1, 0.01, 0][i % 4]!),
    weights: new Array<number>(batch).fill(1 / batch),
  });
}

/** Sequences as a batch whose pairs are numbered from 0. */
export function batchOf(towers: MicroBatch['towers'], lossInputs: MicroBatch['lossInputs']): MicroBatch {
  return { towers, pairs: towers[0]!.map((_, i) => i), lossInputs };
}

/** The pairs `from`…`to` of a batch of a loss whose inputs have one number a pair. */
export function partOf({ towers, pairs, lossInputs }: MicroBatch, from: number, to: number): MicroBatch {
  return {
    towers: towers.map((sequences) => sequences.slice(from, to)),
    pairs: pairs.slice(from, to),
    lossInputs: Object.fromEntries(Object.entries(lossInputs).map(([name, data]) => [name, data.slice(from, to)])),
  };
}
