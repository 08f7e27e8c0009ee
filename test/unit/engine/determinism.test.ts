import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { MicroBatch } from '../../../src/engine/engine.ts';
import { GradientStep } from '../../../src/engine/onnx/gradient-step.ts';
import type { TrainingSpec } from '../../../src/model/graphs.ts';
import { oracleRanker } from './oracle-case.ts';
import { MINILM_L6, randomPairs, randomRanker } from './random-ranker.ts';

const TRAINING: TrainingSpec = {
  loss: 'MSE',
  trainedBlocks: new Set(['embeddings', 'encoder', 'pooler', 'classifier']),
  dropout: 0.1,
  hasDropoutInFrozen: false,
};

const open: GradientStep[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((step) => step.dispose()));
});

async function create(model: ReturnType<typeof randomRanker>, threads: number): Promise<GradientStep> {
  const step = await GradientStep.create(model.ranker, TRAINING, model.parameters, { device: 'cpu', threads });
  open.push(step);
  return step;
}

/** Digest of the bits of loss and gradients of one batch. */
async function digest(step: GradientStep, batch: MicroBatch, position = { seed: 5, step: 3 }): Promise<string> {
  const { loss } = await step.accumulate(batch, position);
  const hash = createHash('sha256').update(Float64Array.of(loss));
  for (const [name, { values }] of step.gradients) hash.update(name).update(values);
  step.clear();
  return hash.digest('hex');
}

describe('gradients are equal bit by bit, with dropout', () => {
  it('over 20 runs and over 1, 2 and 4 threads, at batch 32 × 64 tokens', { timeout: 180_000 }, async () => {
    const model = oracleRanker('small', 'cross-encoder', 'cls');
    const batch = randomPairs(model.ranker.config.vocabSize, 32, 64);
    const digests: string[] = [];
    // A race shows with several threads only.
    for (const [threads, nRuns] of [
      [1, 2],
      [2, 20],
      [4, 5],
    ] as const) {
      const step = await create(model, threads);
      for (let run = 0; run < nRuns; run++) digests.push(await digest(step, batch));
    }
    expect(digests.length).toBe(27);
    expect(new Set(digests).size).toBe(1);

    // The digest sees dropout: another step draws other masks.
    expect(await digest(open[0]!, batch, { seed: 5, step: 4 })).not.toBe(digests[0]);
  });

  it('at the size of MiniLM-L6', { timeout: 180_000 }, async () => {
    const model = randomRanker(MINILM_L6);
    const batch = randomPairs(MINILM_L6.vocabSize, 16, 40);
    const digests = new Set<string>();
    for (const threads of [1, 2, 4]) {
      const step = await create(model, threads);
      digests.add(await digest(step, batch));
      if (threads === 2) digests.add(await digest(step, batch));
      await open.pop()!.dispose();
    }
    expect(digests.size).toBe(1);
  });
});
