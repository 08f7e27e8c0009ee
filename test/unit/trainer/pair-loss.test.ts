import { expect, it } from 'vitest';
import type { LossName } from '../../../src/config/options/names.ts';
import { TrainingStep } from '../../../src/engine/training-step.ts';
import { createScorer } from '../../../src/engine/scorer.ts';
import { dot, meanLoss, multipleNegativesLoss } from '../../../src/trainer/loop/pair-loss.ts';
import { oracleCase, oracleRanker, oracleSequences } from '../engine/oracle-case.ts';

const device = { device: 'cpu', threads: null } as const;

/** The loss on dev is computed from scores; it must be what training minimises. */
it.each(['tiny-cross-mse', 'tiny-cross-bce', 'tiny-labels4-cross-mse', 'tiny-labels4-cross-bce'])(
  '%s',
  async (name) => {
    const oracle = oracleCase(name);
    const { ranker, parameters } = oracleRanker(oracle.info.modelFolder, 'cross-encoder', 'cls');
    const scorer = await createScorer(ranker, parameters, device);
    const logits = await scorer.score(oracleSequences(oracle, ''));
    const loss = name.endsWith('mse') ? 'MSE' : 'BCE';
    expect(meanLoss(loss, logits, oracle.floats('targets'))).toBeCloseTo(oracle.info.loss, 5);
  },
);

it.each([
  ['cosine-MSE', 'tiny-bi-cosine-mse-mean'],
  ['multiple-negatives', 'tiny-bi-multiple-negatives-mean'],
] as const)('%s', async (loss: LossName, name) => {
  const oracle = oracleCase(name);
  const { ranker, parameters } = oracleRanker(oracle.info.modelFolder, 'bi-encoder', 'mean');
  const scorer = await createScorer(ranker, parameters, device);
  const embed = async (prefix: string): Promise<Float32Array[]> => {
    const sequences = oracleSequences(oracle, prefix);
    const all = await scorer.score(sequences);
    return sequences.map((_, i) => all.slice(i * scorer.width, (i + 1) * scorer.width));
  };
  const [queries, products] = [await embed('q.'), await embed('p.')];
  const found =
    loss === 'cosine-MSE'
      ? meanLoss(
          loss,
          queries.map((vector, i) => dot(vector, products[i]!)),
          oracle.floats('targets'),
        )
      : multipleNegativesLoss(queries, products, queries.length);
  expect(found).toBeCloseTo(oracle.info.loss, 5);

  // And the training graph without dropout says the same.
  const n = queries.length;
  const trainedBlocks = new Set(['embeddings', 'encoder'] as const);
  const step = await TrainingStep.create(
    ranker,
    { loss, trainedBlocks, dropout: 0, hasDropoutInFrozen: false },
    parameters,
    device,
  );
  const weights =
    loss === 'cosine-MSE'
      ? new Float32Array(n).fill(1 / n)
      : Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 / n : 0));
  const targets = oracle.has('targets') ? oracle.floats('targets') : new Float32Array(n);
  const towers = ['q.', 'p.'].map((prefix) => oracleSequences(oracle, prefix));
  const result = await step.accumulate({ towers, targets, weights }, { seed: 0, step: 0, micro: 0 });
  expect(found).toBeCloseTo(result.loss, 5);
  await step.dispose();
});
