import { describe, expect, it } from 'vitest';
import { addEmbeddingGradient, towerFeeds, type Sequence } from '../../../src/engine/feeds.ts';
import { TrainingStep } from '../../../src/engine/training-step.ts';
import { PADDING_BIAS } from '../../../src/model/encoder.ts';
import type { TrainingSpec } from '../../../src/model/ranker.ts';
import { randomPairs, randomRanker, SMALL } from './random-ranker.ts';

const SEQUENCES: readonly Sequence[] = [
  { ids: [11, 12], typeIds: [0, 1] },
  { ids: [21, 22, 23], typeIds: [0, 1, 1] },
];

describe('the feeds of a tower', () => {
  it('pad to the longest sequence', () => {
    const { feeds, binding, lookups } = towerFeeds(SEQUENCES, SMALL, 'mean', 'p.');
    expect(binding).toEqual({ batch: 2, 'p.tokens': 3, 'p.rows': 6 });
    expect(feeds).toEqual({
      'p.ids': BigInt64Array.of(11n, 12n, 0n, 21n, 22n, 23n),
      'p.typeIds': BigInt64Array.of(0n, 1n, 0n, 0n, 1n, 1n),
      'p.positions': BigInt64Array.of(0n, 1n, 2n, 0n, 1n, 2n),
      'p.maskBias': Float32Array.of(0, 0, PADDING_BIAS, 0, 0, 0),
      'p.poolWeights': Float32Array.of(1 / 2, 1 / 2, 0, 1 / 3, 1 / 3, 1 / 3),
    });
    expect([...lookups.isToken]).toEqual([1, 1, 0, 1, 1, 1]);
  });

  it('read the first token where the pooling says so', () => {
    const { feeds } = towerFeeds(SEQUENCES, SMALL, 'cls');
    expect(feeds['poolWeights']).toEqual(Float32Array.of(1, 0, 0, 1, 0, 0));
  });

  it('count positions from where the family starts, and stay inside the table', () => {
    const { lookups } = towerFeeds(SEQUENCES, { ...SMALL, firstPosition: 2, maxPositions: 4 }, 'cls');
    expect([...lookups.positions]).toEqual([2, 3, 3, 2, 3, 3]);
  });

  it('have no token types where the family has none, and one where the table has one row', () => {
    expect(towerFeeds(SEQUENCES, { ...SMALL, nTokenTypes: 0 }, 'cls').feeds).not.toHaveProperty('typeIds');
    expect([...towerFeeds(SEQUENCES, { ...SMALL, nTokenTypes: 1 }, 'cls').lookups.typeIds]).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('take ids above 2^15 and an empty sequence', () => {
    const { feeds, binding } = towerFeeds(
      [
        { ids: [250_001], typeIds: [0] },
        { ids: [], typeIds: [] },
      ],
      SMALL,
      'mean',
    );
    expect(binding['tokens']).toBe(1);
    expect(feeds['ids']).toEqual(BigInt64Array.of(250_001n, 0n));
    expect(feeds['poolWeights']).toEqual(Float32Array.of(1, 0));
  });
});

describe('the gradient of the embedding tables', () => {
  it('adds rows up by id and leaves padding out', () => {
    const { lookups } = towerFeeds(
      [
        { ids: [3, 1, 3], typeIds: [0, 0, 1] },
        { ids: [1], typeIds: [0] },
      ],
      SMALL,
      'cls',
    );
    const gradient = Float32Array.from({ length: 12 }, (_, i) => i + 1);
    const tables = { word: new Float32Array(10), position: new Float32Array(8), type: new Float32Array(4) };
    const touched = new Uint8Array(5);
    addEmbeddingGradient(gradient, lookups, 2, tables, touched);
    expect([...tables.word]).toEqual([0, 0, 3 + 7, 4 + 8, 0, 0, 1 + 5, 2 + 6, 0, 0]);
    expect([...tables.position]).toEqual([1 + 7, 2 + 8, 3, 4, 5, 6, 0, 0]);
    expect([...tables.type]).toEqual([1 + 3 + 7, 2 + 4 + 8, 5, 6]);
    expect([...touched]).toEqual([0, 1, 0, 1, 0]);
  });
});

it('padding changes neither logits nor gradients', async () => {
  const { ranker, parameters } = randomRanker(SMALL);
  const short = randomPairs(SMALL.vocabSize, 3, 10);
  const long: Sequence = { ids: new Int32Array(40).fill(5), typeIds: new Int32Array(40) };
  // A long sequence of weight 0 pads the others by 30 tokens.
  const padded = {
    towers: [[...short.towers[0]!, long]],
    targets: Float32Array.of(...short.targets, 0),
    weights: Float32Array.of(...short.weights, 0),
  };
  const training: TrainingSpec = {
    loss: 'MSE',
    trainedBlocks: new Set(['embeddings', 'encoder', 'pooler', 'classifier']),
    dropout: 0,
    hasDropoutInFrozen: false,
  };
  const runs = await Promise.all(
    [short, padded].map(async (batch) => {
      const step = await TrainingStep.create(ranker, training, parameters, { device: 'cpu', threads: 1 });
      const { logits, nTokens } = await step.accumulate(batch, { seed: 1, step: 0, micro: 0 });
      const gradients = new Map([...step.gradients].map(([name, gradient]) => [name, gradient.slice()]));
      const norm = step.gradientNorm();
      await step.dispose();
      return { logits: logits!, nTokens, gradients, norm };
    }),
  );
  const [alone, beside] = runs as [(typeof runs)[0], (typeof runs)[0]];
  expect([alone.nTokens, beside.nTokens]).toEqual([30, 160]);
  alone.logits.forEach((logit, i) => expect(beside.logits[i]).toBeCloseTo(logit, 6));
  for (const [name, gradient] of alone.gradients) {
    const difference = Math.hypot(...gradient.map((value, i) => value - beside.gradients.get(name)![i]!));
    expect(difference / alone.norm, name).toBeLessThan(1e-6);
  }
});
