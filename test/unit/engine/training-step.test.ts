import { afterEach, describe, expect, it } from 'vitest';
import { LOSSES_OF, type BlockName, type LossName, type ModelType } from '../../../src/config/options/names.ts';
import { ADAMW_DEFAULTS } from '../../../src/engine/adamw.ts';
import { TrainingStep, type MicroBatch } from '../../../src/engine/training-step.ts';
import { lowerGraph } from '../../../src/graph/lowering.ts';
import { trainingGraph } from '../../../src/model/ranker.ts';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import { randomPairs, randomRanker, randomSequences, SMALL } from './random-ranker.ts';

const BLOCKS: readonly BlockName[] = ['embeddings', 'encoder', 'pooler', 'classifier'];

interface Options {
  readonly type?: ModelType;
  readonly loss?: LossName;
  readonly trained?: readonly BlockName[];
  readonly dropout?: number;
}

const open: TrainingStep[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((step) => step.dispose()));
});

function describeTraining({ loss = 'MSE', trained = BLOCKS, dropout = 0 }: Options) {
  return { loss, trainedBlocks: new Set(trained), dropout, hasDropoutInFrozen: false };
}

async function create(options: Options = {}, model = randomRanker(SMALL, options.type)) {
  const device = { device: 'cpu', threads: 1 } as const;
  const step = await TrainingStep.create(model.ranker, describeTraining(options), model.parameters, device);
  open.push(step);
  return { ...model, step };
}

/** A batch for the loss; pairs of a bi-encoder are (query i, product i). */
function batchFor(type: ModelType, loss: LossName, size: number): MicroBatch {
  const pairs = randomPairs(SMALL.vocabSize, size, 12);
  if (type === 'cross-encoder') return pairs;
  const towers = [randomSequences(SMALL.vocabSize, size, 5, 2), randomSequences(SMALL.vocabSize, size, 12, 3)];
  if (loss !== 'multiple-negatives') return { ...pairs, towers };
  const weights = Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 / size : 0));
  return { towers, targets: new Float32Array(size), weights };
}

describe('one batch is learned by heart', () => {
  const cases = Object.entries(LOSSES_OF).flatMap(([type, losses]) =>
    losses.map((loss) => [type as ModelType, loss] as const),
  );
  it.each(cases)('%s with %s', async (type, loss) => {
    const { step } = await create({ type, loss });
    const batch = batchFor(type, loss, 8);
    // Cross-entropy with a soft target never reaches 0.
    const targets = loss === 'BCE' ? batch.targets.map(Math.round) : batch.targets;
    let last = Infinity;
    let first: number | null = null;
    let t = 0;
    while (last >= 1e-3 && t < 600) {
      last = (await step.accumulate({ ...batch, targets }, { seed: 1, step: t, micro: 0 })).loss;
      first ??= last;
      step.update(3e-3, ++t, ADAMW_DEFAULTS, 1, step.gradientNorm());
    }
    expect(first).toBeGreaterThan(0.02);
    expect(last).toBeLessThan(1e-3);
  });
});

describe('accumulation', () => {
  it.each([2, 4, 8])('of %i micro-batches equals one batch', async (nParts) => {
    const { step, ranker, parameters } = await create();
    const { step: parts } = await create({}, { ranker, parameters });
    const { towers, targets, weights } = randomPairs(SMALL.vocabSize, 8, 12);
    const whole = await step.accumulate({ towers, targets, weights }, { seed: 1, step: 0, micro: 0 });
    let loss = 0;
    const size = 8 / nParts;
    for (let micro = 0; micro < nParts; micro++) {
      const range = [micro * size, (micro + 1) * size] as const;
      const part = {
        towers: [towers[0]!.slice(...range)],
        targets: targets.slice(...range),
        weights: weights.slice(...range),
      };
      loss += (await parts.accumulate(part, { seed: 1, step: 0, micro })).loss;
    }
    expect(loss).toBeCloseTo(whole.loss, 6);
    expect(parts.gradientNorm() / step.gradientNorm()).toBeCloseTo(1, 5);
    const scale = step.gradientNorm();
    for (const [name, gradient] of step.gradients) {
      const other = parts.gradients.get(name)!;
      const difference = Math.hypot(...gradient.map((value, i) => value - other[i]!));
      expect(difference / scale, name).toBeLessThan(1e-6);
    }
  });

  it('starts anew after an update', async () => {
    const { step } = await create();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    const norms: number[] = [];
    for (let i = 0; i < 2; i++) {
      await step.accumulate(batch, { seed: 1, step: 0, micro: 0 });
      norms.push(step.gradientNorm());
      step.update(0, 1, ADAMW_DEFAULTS, null, norms[i]!);
    }
    expect(norms[1]).toBe(norms[0]);
  });
});

describe('frozen blocks', () => {
  const cut = (trained: readonly BlockName[]) => {
    const { ranker } = randomRanker(SMALL);
    const {
      graph,
      outputs,
      trained: specs,
      trainsEmbeddings,
      dropoutSites,
    } = trainingGraph(ranker, describeTraining({ trained, dropout: 0.1 }));
    const nNodes = lowerGraph(graph, outputs).model.nodes.length;
    return { nNodes, outputs: Object.keys(outputs), specs, trainsEmbeddings, nSites: dropoutSites.length };
  };
  const forward = (() => {
    const { ranker } = randomRanker(SMALL);
    const { graph, outputs } = trainingGraph(ranker, describeTraining({ trained: ['classifier'] }));
    return lowerGraph(graph, { loss: outputs['loss']! }).model.nodes.length;
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
    expect(head.outputs.filter((name) => name.startsWith('gradient:'))).toEqual([
      'gradient:classifier.weight',
      'gradient:classifier.bias',
    ]);
    expect(head.nSites).toBe(1);
    const noEmbeddings = cut(['encoder', 'pooler', 'classifier']);
    expect(noEmbeddings.trainsEmbeddings).toBe(false);
    expect(noEmbeddings.outputs).not.toContain('gradient:embeddingSum');
    expect(noEmbeddings.specs.map(({ block }) => block)).not.toContain('embeddings');
    const noEncoder = cut(['embeddings', 'pooler', 'classifier']);
    expect(noEncoder.outputs).toContain('gradient:embeddingSum');
    expect(noEncoder.outputs.filter((name) => name.includes('encoder'))).toEqual([]);
  });

  it('keep their parameters bit by bit, and the others move', async () => {
    const trained: readonly BlockName[] = ['pooler', 'classifier'];
    const { step, ranker, parameters } = await create({ trained });
    const before = new Map([...parameters].map(([name, { data }]) => [name, data.slice()]));
    await step.accumulate(randomPairs(SMALL.vocabSize, 4, 8), { seed: 1, step: 0, micro: 0 });
    step.update(1e-2, 1, { ...ADAMW_DEFAULTS, weightDecay: 0.1 }, null, step.gradientNorm());
    const specs = trainingGraph(ranker, describeTraining({ trained })).trained;
    for (const [name, { data }] of parameters) {
      const isTrained = specs.some((spec) => spec.name === name);
      expect(
        data.every((value, i) => value === before.get(name)![i]),
        name,
      ).toBe(!isTrained);
    }
  });
});

describe('a value that is not finite', () => {
  const caught = (run: () => unknown): ProblemError => {
    try {
      run();
    } catch (error) {
      if (error instanceof ProblemError) return error;
      throw error;
    }
    throw new Error('nothing was thrown');
  };

  it.each([
    ['bert.encoder.layer.1.output.dense.weight', NaN],
    ['bert.embeddings.LayerNorm.bias', Infinity],
    ['bert.embeddings.word_embeddings.weight', NaN],
    ['classifier.bias', -Infinity],
  ])('in %s is a problem that names it, before anything is updated', async (name, value) => {
    const { step, parameters } = await create();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    // A word that the batch reads.
    parameters.get(name)!.data[
      name.includes('word') ? batch.towers[0]![0]!.ids[0]! * SMALL.hidden : 1 % parameters.get(name)!.data.length
    ] = value;
    await step.accumulate(batch, { seed: 1, step: 0, micro: 0 });
    const { problem } = caught(() => step.gradientNorm());
    expect(problem).toMatchObject({ code: 'parameter-not-finite', where: name });
    expect(problem.message).toContain(name);
  });

  it('in a gradient alone names the parameter nearest to the loss', async () => {
    const { step } = await create();
    const batch = randomPairs(SMALL.vocabSize, 4, 8);
    await step.accumulate({ ...batch, targets: Float32Array.of(0, 1, NaN, 0) }, { seed: 1, step: 0, micro: 0 });
    const { problem } = caught(() => step.gradientNorm());
    expect(problem).toMatchObject({ code: 'gradient-not-finite', where: 'classifier.bias' });
  });
});

describe('a restored step', () => {
  it('goes on as the one that was saved', async () => {
    const first = await create();
    const batches = [1, 2, 3, 4].map((seed) => randomPairs(SMALL.vocabSize, 4, 8, seed));
    const options = { ...ADAMW_DEFAULTS, weightDecay: 0.01 };
    const advance = async (step: TrainingStep, t: number): Promise<void> => {
      await step.accumulate(batches[t]!, { seed: 1, step: t, micro: 0 });
      step.update(1e-3, t + 1, options, 1, step.gradientNorm());
    };
    for (const t of [0, 1]) await advance(first.step, t);
    const parameters = new Map(
      [...first.parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
    );
    const second = await create({}, { ranker: first.ranker, parameters });
    for (const [name, { m, v }] of first.step.moments) {
      second.step.moments.get(name)!.m.set(m);
      second.step.moments.get(name)!.v.set(v);
    }
    second.step.restored();
    for (const t of [2, 3]) for (const { step } of [first, second]) await advance(step, t);
    for (const [name, { data }] of first.parameters) expect(parameters.get(name)!.data, name).toEqual(data);
  });
});
