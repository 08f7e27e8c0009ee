import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Pooling } from '../../../src/config/options/names.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { batchOf } from './random-ranker.ts';
import { maskedStep, type MaskedStep, type Masks } from './masked-step.ts';
import { oracleCase, oracleRanker, oracleSequences } from './oracle-case.ts';

const LOSS: Readonly<Record<string, LossName>> = { mse: 'MSE', 'cosine-mse': 'cosine-MSE' };

const cases = readdirSync(new URL('../../fixtures/oracle/dropout', import.meta.url))
  .filter((name) => name.endsWith('.safetensors'))
  .map((name) => `dropout/${name.replace('.safetensors', '')}`);

function norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}

it('there is a case of every family, and one of a bi-encoder', () => {
  expect(cases).toEqual([
    'dropout/tiny-bi-cosine-mse-mean',
    'dropout/tiny-cross-mse',
    'dropout/tiny-distilbert-cross-mse',
    'dropout/tiny-roberta-cross-mse',
  ]);
});

describe.each(cases)('%s', (name) => {
  const oracle = oracleCase(name);
  const probabilities = oracle.info['dropout'] as Readonly<Record<string, number>>;
  const masks: Masks = Object.fromEntries(
    Object.keys(probabilities).map((site) => [site, oracle.floats(`dropout.${site}`)]),
  );
  let step: MaskedStep;

  beforeAll(async () => {
    const type = oracle.info['kind'] as ModelType;
    const { ranker, parameters } = oracleRanker(
      oracle.info.modelFolder,
      type,
      (oracle.info['pooling'] ?? 'cls') as Pooling,
    );
    const towers = ranker.towers.map((prefix) => oracleSequences(oracle, prefix));
    const targets = [...oracle.floats('targets')];
    const weights = new Array<number>(targets.length).fill(1 / targets.length);
    const batch = batchOf(towers, { targets, weights });
    step = await maskedStep(ranker, parameters, LOSS[oracle.info['lossName'] as string]!, batch);
  });
  afterAll(() => step.dispose());

  /** What differs from PyTorch by more than the tolerance of the cases without dropout: the loss, or gradients by name. */
  async function differences(given: Masks): Promise<string[]> {
    const { loss, gradients } = await step.run(given);
    const isLossEqual = Math.abs(loss - oracle.info.loss) < 1e-5 * Math.max(1, Math.abs(oracle.info.loss));
    const names = oracle.names().filter((key) => key.startsWith('grad.'));
    expect(gradients.size).toBe(names.length);
    const largest = Math.max(...names.map((key) => norm(oracle.floats(key))));
    const different = names.filter((key) => {
      const expected = oracle.floats(key);
      const found = gradients.get(key.slice(5)) ?? gradients.get(key.slice(5).replace(/^bert\./, ''));
      expect(found?.length, key).toBe(expected.length);
      const difference = norm(expected.map((value, i) => value - found![i]!));
      return !(difference <= 1e-4 * norm(expected) + 1e-6 * largest);
    });
    return [...(isLossEqual ? [] : [`loss ${loss} for ${oracle.info.loss}`]), ...different];
  }

  it('drops where transformers does, with the same probabilities', () => {
    const ours = Object.fromEntries(step.sites.map(({ name: site, ...rest }) => [site, rest]));
    const theirs = Object.entries(probabilities).map(([site, probability]) => [
      site,
      { shape: oracle.shape(`dropout.${site}`), probability },
    ]);
    expect(ours).toEqual(Object.fromEntries(theirs));
    expect(step.sites.length).toBe(theirs.length);
  });

  it('has the loss and gradients of PyTorch with the same masks', async () => {
    expect(await differences(masks)).toEqual([]);
  });

  it.each(Object.keys(masks))('would show a mask that is left out at %s', async (site) => {
    const without = { ...masks, [site]: new Float32Array(masks[site]!.length).fill(1) };
    expect(await differences(without)).not.toEqual([]);
  });
});
