import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Experiment } from '../../../src/config/experiment.ts';
import { experimentDefaults } from '../../../src/config/check/parse-experiment.ts';
import { loadTokeniser, type Tokeniser } from '../../../src/tokenise/tokeniser.ts';
import { planBatches } from '../../../src/trainer/loop/batches.ts';
import { examplesFor } from '../../../src/trainer/loop/examples.ts';
import { createRanker } from '../../../src/model/rankers/rankers.ts';
import { MINILM_L6 } from '../engine/random-ranker.ts';
import { query } from './queries.ts';

const folder = fileURLToPath(new URL('../../../assets/models/all-MiniLM-L6-v2', import.meta.url));
const queries = Array.from({ length: 9 }, (_, i) => query(String(i), 'ESCIE'.slice(0, 2 + (i % 4))));

let tokens: Tokeniser;
beforeAll(async () => {
  tokens = await loadTokeniser(folder);
});

const crossEncoder = createRanker('cross-encoder', MINILM_L6, { nLabels: 1, pooling: 'mean', isNormalised: true });
const biEncoder = createRanker('bi-encoder', MINILM_L6, { nLabels: 1, pooling: 'mean', isNormalised: true });

function experiment(type: 'cross-encoder' | 'bi-encoder', options: Partial<Experiment['hyperparameters']>): Experiment {
  const defaults = experimentDefaults('model', 'data');
  return {
    ...defaults,
    model: { ...defaults.model, type },
    hyperparameters: { ...defaults.hyperparameters, ...options },
  };
}

const idsOf = (sequence: { readonly ids: ArrayLike<number> }): string => Array.from(sequence.ids).join(' ');

describe('planBatches', () => {
  it('meets each pair once an epoch, in another order the next epoch', () => {
    const examples = examplesFor('MSE', queries);
    const { plan, batchesOf } = planBatches(
      experiment('cross-encoder', { batch_size: 4, num_epochs: 2 }),
      crossEncoder,
      examples,
      tokens,
    );
    expect(plan.totalSteps).toBe(2 * plan.stepsPerEpoch);
    const epoch = (n: number) =>
      Array.from({ length: plan.stepsPerEpoch }, (_, i) => batchesOf(n * plan.stepsPerEpoch + i))
        .flat()
        .flatMap((batch) => batch.towers[0]!.map(idsOf));
    const expected = examples
      .map(({ query: { text, judgements }, products: [i] }) =>
        idsOf(tokens.pair(text, judgements[i!]!.product.text, 512)),
      )
      .sort();
    expect([...epoch(0)].sort()).toEqual(expected);
    expect([...epoch(1)].sort()).toEqual(expected);
    expect(epoch(1)).not.toEqual(epoch(0));
  });

  it('gives a step the same batch whatever was asked before: a resumed run needs only the step', () => {
    const make = () =>
      planBatches(experiment('cross-encoder', { batch_size: 4 }), crossEncoder, examplesFor('MSE', queries), tokens);
    const [straight, jumping] = [make(), make()];
    for (let step = 0; step < straight.plan.totalSteps; step++) straight.batchesOf(step);
    for (const step of [straight.plan.totalSteps - 1, 0, 5])
      expect(jumping.batchesOf(step)).toEqual(straight.batchesOf(step));
  });

  it('weighs all pairs of an accumulated step equally, the last short one too', () => {
    const { plan, batchesOf } = planBatches(
      experiment('cross-encoder', { batch_size: 4, gradient_accumulation_steps: 3, num_labels: 4 }),
      createRanker('cross-encoder', MINILM_L6, { nLabels: 4, pooling: 'mean', isNormalised: true }),
      examplesFor('MSE', queries),
      tokens,
    );
    for (let step = 0; step < plan.stepsPerEpoch; step++) {
      const weights = batchesOf(step).flatMap((batch) => [...batch.lossInputs['weights']!]);
      expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5);
      expect(new Set(weights).size).toBe(1);
    }
  });

  it('never puts a query twice into a batch of multiple negatives', () => {
    const { plan, batchesOf } = planBatches(
      experiment('bi-encoder', { loss_function: 'multiple-negatives', batch_size: 4, num_epochs: 3 }),
      biEncoder,
      examplesFor('multiple-negatives', [...queries, query('x', 'EEEE')]),
      tokens,
    );
    let nPairs = 0;
    for (let step = 0; step < plan.totalSteps; step++) {
      for (const batch of batchesOf(step)) {
        const ids = batch.towers[0]!.map(idsOf);
        expect(new Set(ids).size).toBe(ids.length);
        nPairs += ids.length;
        // The diagonal of [batch, batch]: the positive of query i is product i.
        batch.lossInputs['weights']!.forEach((weight, i) => expect(weight > 0).toBe(i % (ids.length + 1) === 0));
      }
    }
    expect(nPairs).toBe(3 * examplesFor('multiple-negatives', [...queries, query('x', 'EEEE')]).length);
  });
});
