import { afterEach, describe, expect, it } from 'vitest';
import type { BlockName } from '../../../src/config/options/names.ts';
import type { MicroBatch, StepOptions, TrainingEngine } from '../../../src/engine/engine.ts';
import { openTraining } from '../../../src/engine/onnx/onnx-engine.ts';
import { GradientStep } from '../../../src/engine/onnx/gradient-step.ts';
import { lowerGraph } from '../../../src/graph/lowering.ts';
import { LOSSES, LOSS_NAMES, type LossName } from '../../../src/losses/losses.ts';
import { trainingGraph } from '../../../src/model/graphs.ts';
import { lossInputs } from '../../../src/model/loss-graph.ts';
import { collect, streamOf } from '../../../src/model/tensor-stream.ts';
import { ESCI_GAINS, LABELS } from '../../../src/vocabulary/label.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { batchOf, partOf, randomPairs, randomRanker, randomSequences, SMALL } from './random-ranker.ts';

const BLOCKS: readonly BlockName[] = ['embeddings', 'encoder', 'pooler', 'classifier'];

interface Options {
  readonly type?: ModelType;
  readonly loss?: LossName;
  readonly trained?: readonly BlockName[];
  readonly dropout?: number;
}

const device = { device: 'cpu', threads: 1 } as const;
const open: { dispose(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((step) => step.dispose()));
});

function describeTraining({ loss = 'MSE', trained = BLOCKS, dropout = 0 }: Options) {
  return { loss, trainedBlocks: new Set(trained), dropout, hasDropoutInFrozen: false };
}

interface EngineOptions extends Options {
  readonly weightDecay?: number;
}

async function engineOf(options: EngineOptions = {}, model = randomRanker(SMALL, options.type)) {
  const { weightDecay = 0 } = options;
  const training = { ...describeTraining(options), optimizer: 'AdamW', weightDecay, seed: 1 } as const;
  const engine = await openTraining(model.ranker, model.parameters, training, device);
  open.push(engine);
  return { ...model, engine };
}

async function gradientsOf(options: Options = {}, model = randomRanker(SMALL, options.type)) {
  const step = await GradientStep.create(model.ranker, describeTraining(options), model.parameters, device);
  open.push(step);
  return step;
}

/** A batch for the loss, with all labels or, for a loss that sees Exact products alone, with those. */
function batchFor(name: LossName, size: number): MicroBatch {
  const loss = LOSSES[name];
  const towers =
    loss.modelType === 'cross-encoder'
      ? [randomSequences(SMALL.vocabSize, size, 12)]
      : [randomSequences(SMALL.vocabSize, size, 5, 2), randomSequences(SMALL.vocabSize, size, 12, 3)];
  const labels = Array.from({ length: size }, (_, i) => [LABELS[i % LABELS.length]!] as const);
  // Cross-entropy with a soft target never reaches 0.
  const gains = name === 'BCE' ? { E: 1, S: 0, C: 0, I: 0 } : ESCI_GAINS;
  return batchOf(towers, lossInputs(name, { labels, nExamples: size, nLabels: 1, gains }));
}

const at = (step: number, changes: Partial<StepOptions> = {}): StepOptions => ({
  ...{ step, lr: 3e-3, maxNorm: 1 },
  ...changes,
});

describe('one batch is learned by heart', () => {
  it.each(LOSS_NAMES)('with %s', async (loss) => {
    const { engine } = await engineOf({ type: LOSSES[loss].modelType, loss });
    const batch = batchFor(loss, 8);
    let last = Infinity;
    let first: number | null = null;
    for (let step = 0; last >= 1e-3 && step < 600; step++) {
      last = (await engine.step([batch], at(step))).loss;
      first ??= last;
    }
    expect(first).toBeGreaterThan(0.02);
    expect(last).toBeLessThan(1e-3);
  });
});

describe('accumulation', () => {
  it.each([2, 4, 8])('of %i micro-batches equals one batch, dropout included', async (nParts) => {
    const model = randomRanker(SMALL);
    const [whole, parts] = [await gradientsOf({ dropout: 0.1 }, model), await gradientsOf({ dropout: 0.1 }, model)];
    const batch = randomPairs(SMALL.vocabSize, 8, 12);
    const { loss } = await whole.accumulate(batch, { seed: 1, step: 0 });
    let sum = 0;
    const size = 8 / nParts;
    for (let i = 0; i < nParts; i++) {
      sum += (await parts.accumulate(partOf(batch, i * size, (i + 1) * size), { seed: 1, step: 0 })).loss;
    }
    expect(sum).toBeCloseTo(loss, 6);
    const scale = Math.hypot(...[...whole.gradients.values()].map(({ values }) => Math.hypot(...values)));
    for (const [name, { values }] of whole.gradients) {
      const other = parts.gradients.get(name)!.values;
      const difference = Math.hypot(...values.map((value, i) => value - other[i]!));
      expect(difference / scale, name).toBeLessThan(1e-6);
    }
  });

  it('of two towers equals one batch, dropout included', async () => {
    const model = randomRanker(SMALL, 'bi-encoder');
    const options = { type: 'bi-encoder', loss: 'cosine-MSE', dropout: 0.2 } as const;
    const batch = batchFor('cosine-MSE', 8);
    const losses: number[] = [];
    for (const cuts of [
      [0, 8],
      [0, 3, 8],
    ]) {
      const step = await gradientsOf(options, model);
      let sum = 0;
      for (const [i, from] of cuts.slice(0, -1).entries()) {
        sum += (await step.accumulate(partOf(batch, from, cuts[i + 1]!), { seed: 1, step: 3 })).loss;
      }
      losses.push(sum);
    }
    expect(losses[1]).toBeCloseTo(losses[0]!, 6);
  });

  it('starts anew after a step', async () => {
    const { engine } = await engineOf();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    const norms: number[] = [];
    for (let i = 0; i < 2; i++) norms.push((await engine.step([batch], at(0, { lr: 0, maxNorm: null }))).gradNorm);
    expect(norms[1]).toBe(norms[0]);
  });
});

describe('frozen blocks', () => {
  const cut = (trained: readonly BlockName[]) => {
    const { ranker } = randomRanker(SMALL);
    const { graph, outputs, dropoutSites } = trainingGraph(ranker, describeTraining({ trained, dropout: 0.1 }));
    const { loss, gradients, embeddings } = outputs;
    const all = { loss, ...Object.fromEntries(gradients), ...Object.fromEntries(embeddings.entries()) };
    const nNodes = lowerGraph(graph, all).model.nodes.length;
    const blockOf = new Map(ranker.specs.map(({ name, block }) => [name, block]));
    const names = [...gradients.keys()];
    return {
      ...{ nNodes, names, blocks: names.map((name) => blockOf.get(name)!) },
      ...{ nEmbeddings: embeddings.length, nSites: dropoutSites.length },
    };
  };
  const forward = (() => {
    const { ranker } = randomRanker(SMALL);
    const { graph, outputs } = trainingGraph(ranker, describeTraining({ trained: ['classifier'] }));
    return lowerGraph(graph, { loss: outputs.loss }).model.nodes.length;
  })();

  it('cut the backward pass off where the last trained block begins', () => {
    const sizes = [['classifier'], ['pooler', 'classifier'], ['encoder', 'pooler', 'classifier'], BLOCKS].map(
      (trained) => cut(trained as BlockName[]).nNodes,
    );
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect(new Set(sizes).size).toBe(4);
    // The backward pass of the head is small change beside that of the encoder.
    expect(sizes[0]! - forward).toBeLessThan(0.2 * (sizes[3]! - forward));
  });

  it('have no gradient outputs and no dropout', () => {
    const head = cut(['classifier']);
    expect(head.names).toEqual(['classifier.weight', 'classifier.bias']);
    expect(head.nSites).toBe(1);
    const noEmbeddings = cut(['encoder', 'pooler', 'classifier']);
    expect(noEmbeddings.nEmbeddings).toBe(0);
    expect(noEmbeddings.blocks).not.toContain('embeddings');
    const noEncoder = cut(['embeddings', 'pooler', 'classifier']);
    expect(noEncoder.nEmbeddings).toBe(1);
    expect(noEncoder.blocks).not.toContain('encoder');
  });

  it('keep their parameters bit by bit, and the others move', async () => {
    const trained: readonly BlockName[] = ['pooler', 'classifier'];
    const { engine, ranker, parameters } = await engineOf({ trained, weightDecay: 0.1 });
    const before = new Map([...parameters].map(([name, { data }]) => [name, data.slice()]));
    await engine.step([randomPairs(SMALL.vocabSize, 4, 8)], at(0, { lr: 1e-2, maxNorm: null }));
    for (const { name, block } of ranker.specs) {
      const { data } = parameters.get(name)!;
      expect(
        data.every((value, i) => value === before.get(name)![i]),
        name,
      ).toBe(!trained.includes(block));
    }
  });
});

describe('a value that is not finite', () => {
  it.each([
    ['bert.encoder.layer.1.output.dense.weight', NaN],
    ['bert.embeddings.LayerNorm.bias', Infinity],
    ['bert.embeddings.word_embeddings.weight', NaN],
    ['classifier.bias', -Infinity],
  ])('in %s is a fault that names it, and nothing is updated', async (name, value) => {
    const { engine, parameters } = await engineOf();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    // A word that the batch reads.
    parameters.get(name)!.data[
      name.includes('word') ? batch.towers[0]![0]!.ids[0]! * SMALL.hidden : 1 % parameters.get(name)!.data.length
    ] = value;
    const before = new Map([...parameters].map(([key, { data }]) => [key, data.slice()]));
    const { fault } = await engine.step([batch], at(0));
    expect(fault).toMatchObject({ code: 'parameter-not-finite', where: name });
    expect(fault!.message).toContain(name);
    for (const [key, { data }] of parameters) expect(data, key).toEqual(before.get(key));
  });

  it('in a gradient alone names the parameter nearest to the loss', async () => {
    const { engine } = await engineOf();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    const lossInputs = { ...batch.lossInputs, targets: [0, 1, NaN, 0] };
    const { fault } = await engine.step([{ ...batch, lossInputs }], at(0));
    expect(fault).toMatchObject({ code: 'gradient-not-finite', where: 'classifier.bias' });
  });
});

it('a batch that fails leaves no gradient behind', async () => {
  const { engine } = await engineOf();
  const batch = randomPairs(SMALL.vocabSize, 4, 8);
  const alone = await engine.step([batch], at(0, { lr: 0 }));
  const wrong = { ...batch, lossInputs: { ...batch.lossInputs, targets: [1] } };
  await expect(engine.step([batch, wrong], at(0, { lr: 0 }))).rejects.toThrow('feed "targets" has 1 elements');
  expect((await engine.step([batch], at(0, { lr: 0 }))).gradNorm).toBe(alone.gradNorm);
});

describe('a restored training', () => {
  it('goes on as the one that was saved', async () => {
    const first = await engineOf({ weightDecay: 0.01 });
    const batches = [1, 2, 3, 4].map((seed) => randomPairs(SMALL.vocabSize, 4, 8, seed));
    const advance = (engine: TrainingEngine, step: number) => engine.step([batches[step]!], at(step, { lr: 1e-3 }));
    for (const step of [0, 1]) await advance(first.engine, step);
    const second = await engineOf({ weightDecay: 0.01 }, randomRanker(SMALL, 'cross-encoder', 2));
    for (const part of ['parameters', 'moments'] as const) {
      await second.engine.write(part, streamOf(await collect(first.engine.read(part))));
    }
    for (const step of [2, 3]) for (const { engine } of [first, second]) await advance(engine, step);
    for (const [name, { data }] of first.parameters) expect(second.parameters.get(name)!.data, name).toEqual(data);
  });

  it('takes no tensors of another training', async () => {
    const { engine } = await engineOf();
    const { engine: other } = await engineOf({ trained: ['classifier'] });
    await expect(engine.write('moments', other.read('moments'))).rejects.toThrow('not those of this training');
    const shorter = await collect(engine.read('parameters'));
    shorter.set('classifier.bias', { shape: [0], data: new Float32Array(0) });
    await expect(engine.write('parameters', streamOf(shorter))).rejects.toThrow('not those of this training');
  });
});
