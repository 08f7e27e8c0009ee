import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Pooling } from '../../../src/config/options/names.ts';
import { GradientStep } from '../../../src/engine/onnx/gradient-step.ts';
import { openScorer } from '../../../src/engine/onnx/scorer.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { batchOf } from './random-ranker.ts';
import { oracleCase, oracleRanker, oracleSequences } from './oracle-case.ts';

const LOSS: Readonly<Record<string, LossName>> = {
  mse: 'MSE',
  bce: 'BCE',
  'cosine-mse': 'cosine-MSE',
  'multiple-negatives': 'multiple-negatives',
};

const files = readdirSync(new URL('../../fixtures/oracle', import.meta.url)).filter((name) =>
  name.endsWith('.safetensors'),
);
const cases = files.map((name) => name.replace('.safetensors', '')).filter((name) => !name.includes('adamw'));

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

describe('gradients equal PyTorch in float64', () => {
  it('has cases of every loss at tiny and full batch shapes', () => {
    expect(cases.filter((name) => name.startsWith('small-')).length).toBeGreaterThanOrEqual(4);
    expect(cases.length).toBeGreaterThanOrEqual(12);
  });

  it.each(cases)('%s', async (name) => {
    const oracle = oracleCase(name);
    const { modelFolder, lossName, frozenPrefix } = oracle.info as typeof oracle.info & {
      lossName: string;
      frozenPrefix?: string | null;
    };
    const type = oracle.info['kind'] as ModelType;
    const pooling = (oracle.info['pooling'] ?? 'cls') as Pooling;
    const { ranker, parameters } = oracleRanker(modelFolder, type, pooling);
    const loss = LOSS[lossName]!;
    const blocks = ['embeddings', 'encoder', 'pooler', 'classifier'] as const;
    const trainedBlocks = new Set(blocks.filter((block) => !(frozenPrefix != null && block === 'encoder')));
    const device = { device: 'cpu', threads: null } as const;
    const training = { loss, trainedBlocks, dropout: 0, hasDropoutInFrozen: false };
    const step = await GradientStep.create(ranker, training, parameters, device);
    const towers = ranker.towers.map((prefix) => oracleSequences(oracle, prefix));
    const batch = towers[0]!.length;
    const targets = oracle.has('targets') ? [...oracle.floats('targets')] : [];
    const weights =
      loss === 'multiple-negatives'
        ? Array.from({ length: batch * batch }, (_, i) => (i % (batch + 1) === 0 ? 1 / batch : 0))
        : new Array<number>(targets.length).fill(1 / targets.length);
    const result = await step.accumulate(batchOf(towers, { targets, weights }), { seed: 1, step: 0 });

    expect(Math.abs(result.loss - oracle.info.loss)).toBeLessThan(1e-5 * Math.max(1, Math.abs(oracle.info.loss)));
    if (oracle.has('logits')) {
      const logits = oracle.doubles('logits');
      const scorer = await openScorer(ranker, parameters, device);
      const ours = await scorer.score(towers[0]!);
      await scorer.dispose();
      expect(ours.length).toBe(logits.length);
      logits.forEach((logit, i) =>
        expect(Math.abs(ours[i]! - logit)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(logit))),
      );
    }
    const gradientNames = oracle.names().filter((key) => key.startsWith('grad.'));
    const largest = Math.max(...gradientNames.map((key) => norm(oracle.floats(key))));
    const ours = step.gradients;
    expect(ours.size).toBe(gradientNames.length);
    for (const key of gradientNames) {
      const expected = oracle.floats(key);
      const found = (ours.get(key.slice(5)) ?? ours.get(key.slice(5).replace(/^bert\./, '')))?.values;
      expect(found, key).toBeDefined();
      const difference = norm(expected.map((value, i) => value - found![i]!));
      expect(difference, key).toBeLessThanOrEqual(1e-4 * norm(expected) + 1e-6 * largest);
    }
    await step.dispose();
  });
});
