import { describe, expect, it } from 'vitest';
import type { Sequence } from '../../../src/engine/engine.ts';
import { addRows, towerFeeds } from '../../../src/engine/onnx/feeds.ts';
import { GradientStep } from '../../../src/engine/onnx/gradient-step.ts';
import type { TrainingSpec } from '../../../src/model/graphs.ts';
import { PADDING_BIAS } from '../../../src/model/parts/tower.ts';
import { batchOf, randomPairs, randomRanker, SMALL } from './random-ranker.ts';

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

  it('read the one row of a table of one token type', () => {
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
    const summed = (by: 'ids' | 'positions' | 'typeIds', rows: number): number[] => {
      const table = new Float32Array(2 * rows);
      addRows(gradient, lookups, by, 2, table);
      return [...table];
    };
    expect(summed('ids', 5)).toEqual([0, 0, 3 + 7, 4 + 8, 0, 0, 1 + 5, 2 + 6, 0, 0]);
    expect(summed('positions', 4)).toEqual([1 + 7, 2 + 8, 3, 4, 5, 6, 0, 0]);
    expect(summed('typeIds', 2)).toEqual([1 + 3 + 7, 2 + 4 + 8, 5, 6]);
  });
});

it('padding changes neither loss nor gradients, dropout included', async () => {
  const { ranker, parameters } = randomRanker(SMALL);
  const short = randomPairs(SMALL.vocabSize, 3, 10);
  const long: Sequence = { ids: new Int32Array(40).fill(5), typeIds: new Int32Array(40) };
  // A long sequence of weight 0 pads the others by 30 tokens.
  const { targets, weights } = short.lossInputs;
  const padded = batchOf([[...short.towers[0]!, long]], { targets: [...targets!, 0], weights: [...weights!, 0] });
  const training: TrainingSpec = {
    loss: 'MSE',
    trainedBlocks: new Set(['embeddings', 'encoder', 'pooler', 'classifier']),
    dropout: 0.1,
    hasDropoutInFrozen: false,
  };
  const runs = await Promise.all(
    [short, padded].map(async (batch) => {
      const step = await GradientStep.create(ranker, training, parameters, { device: 'cpu', threads: 1 });
      const { loss, nTokens } = await step.accumulate(batch, { seed: 1, step: 0 });
      const gradients = new Map([...step.gradients].map(([name, { values }]) => [name, values.slice()]));
      await step.dispose();
      return { loss, nTokens, gradients };
    }),
  );
  const [alone, beside] = runs as [(typeof runs)[0], (typeof runs)[0]];
  expect([alone.nTokens, beside.nTokens]).toEqual([30, 160]);
  expect(beside.loss).toBeCloseTo(alone.loss, 6);
  const norm = Math.hypot(...[...alone.gradients.values()].map((values) => Math.hypot(...values)));
  for (const [name, gradient] of alone.gradients) {
    const difference = Math.hypot(...gradient.map((value, i) => value - beside.gradients.get(name)![i]!));
    expect(difference / norm, name).toBeLessThan(1e-6);
  }
});
