/**
 * Time of a training step and of scoring on the cpu, at the shape of all-MiniLM-L6-v2 as a cross-encoder with random
 * parameters: `npx tsx test/bench/step.ts [--batch 32] [--tokens 40] [--runs 15] [--threads N]`. Medians; every sequence has full length.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-node';
import { dropoutMasks } from '../../src/engine/onnx/dropout-masks.ts';
import type { Sequence } from '../../src/engine/engine.ts';
import { towerFeeds } from '../../src/engine/onnx/feeds.ts';
import { GradientStep } from '../../src/engine/onnx/gradient-step.ts';
import { OPTIMIZERS } from '../../src/engine/onnx/optimizers.ts';
import { valuesOf, type OutputTree } from '../../src/engine/onnx/output-tree.ts';
import { ParameterUpdate } from '../../src/engine/onnx/parameter-update.ts';
import { compile, sessionOptions, type Feed } from '../../src/engine/onnx/session.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { lowerGraph } from '../../src/graph/lowering.ts';
import { encodeOnnx } from '../../src/graph/onnx.ts';
import { bindShape, type Binding } from '../../src/graph/shape.ts';
import { parameterFeeds } from '../../src/model/parameter-set.ts';
import { scoringGraph, trainingGraph, type TrainingSpec } from '../../src/model/graphs.ts';
import { MINILM_L6, randomPairs, randomRanker } from '../unit/engine/random-ranker.ts';

const { values: options } = parseArgs({
  options: {
    batch: { type: 'string', default: '32' },
    tokens: { type: 'string', default: '40' },
    runs: { type: 'string', default: '15' },
    threads: { type: 'string' },
  },
});
const [batch, tokens, nRuns] = [options.batch, options.tokens, options.runs].map(Number) as [number, number, number];
const device = { device: 'cpu', threads: options.threads === undefined ? null : Number(options.threads) } as const;

const training: TrainingSpec = {
  loss: 'MSE',
  trainedBlocks: new Set(['embeddings', 'encoder', 'pooler', 'classifier']),
  dropout: 0.1,
  hasDropoutInFrozen: false,
};
const { ranker, parameters } = randomRanker(MINILM_L6);
const ids = randomPairs(MINILM_L6.vocabSize, batch, tokens).towers[0]!.map(({ ids }) => ids);
const full: Sequence[] = ids.map((part) => ({
  ids: Int32Array.from({ length: tokens }, (_, i) => part[i % part.length]!),
  typeIds: Int32Array.from({ length: tokens }, (_, i) => (i < 8 ? 0 : 1)),
}));
const pairs = { ...randomPairs(MINILM_L6.vocabSize, batch, tokens), towers: [full] };
const tower = towerFeeds(full, MINILM_L6, 'cls');

async function timed<T>(times: Record<string, number[]>, part: string, run: () => T | Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await run();
  (times[part] ??= []).push(performance.now() - started);
  return result;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Milliseconds by operator type in one run, from onnxruntime's own profile. */
async function profile(graph: Graph, outputs: OutputTree, feeds: Readonly<Record<string, Feed>>) {
  const folder = mkdtempSync(join(tmpdir(), 'profile-'));
  const { model, shapeInputs } = lowerGraph(graph, valuesOf(outputs));
  const session = await ort.InferenceSession.create(encodeOnnx(model), {
    ...sessionOptions(device),
    enableProfiling: true,
    profileFilePrefix: join(folder, 'run'),
  });
  const shapes = new Map(shapeInputs.map(({ name, shape }) => [name, shape]));
  const binding: Binding = tower.binding;
  const tensors = Object.fromEntries(
    model.inputs.map(({ name, type, shape }) => {
      const wanted = shapes.get(name);
      const data = wanted === undefined ? feeds[name]! : BigInt64Array.from(bindShape(wanted, binding), BigInt);
      return [name, new ort.Tensor(type, data as never, bindShape(shape, binding))];
    }),
  );
  const n = Math.min(5, nRuns);
  for (let i = 0; i < n + 1; i++) await session.run(tensors);
  session.endProfiling();
  await session.release();
  const events = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8')) as {
    cat: string;
    name: string;
    dur: number;
    args: { op_name?: string };
  }[];
  rmSync(folder, { recursive: true });
  const byOp = new Map<string, { ms: number; count: number }>();
  const nodes = events.filter((event) => event.cat === 'Node' && event.name.endsWith('_kernel_time'));
  // The first run allocates; it is left out.
  for (const { dur, args } of nodes.slice(nodes.length / (n + 1))) {
    const entry = byOp.get(args.op_name!) ?? { ms: 0, count: 0 };
    byOp.set(args.op_name!, { ms: entry.ms + dur / 1000 / n, count: entry.count + 1 / n });
  }
  return [...byOp].sort(([, a], [, b]) => b.ms - a.ms);
}

function printProfile(title: string, byOp: Awaited<ReturnType<typeof profile>>): void {
  const total = byOp.reduce((sum, [, { ms }]) => sum + ms, 0);
  const products = byOp.filter(([name]) => /Gemm|MatMul/.test(name)).reduce((sum, [, { ms }]) => sum + ms, 0);
  console.log(
    `\n${title}: ${total.toFixed(0)} ms in operators, ${((100 * products) / total).toFixed(1)} % in matrix products`,
  );
  for (const [name, { ms, count }] of byOp) {
    if (ms > 0.002 * total)
      console.log(`  ${name.padEnd(24)} ${ms.toFixed(1).padStart(7)} ms  ${count.toFixed(0).padStart(4)} ×`);
  }
}

const times: Record<string, number[]> = {};
const graph = trainingGraph(ranker, training);
const step = await GradientStep.create(ranker, training, parameters, device);
const update = new ParameterUpdate(parameters, step.gradients, {
  ...{ optimizer: OPTIMIZERS.AdamW, weightDecay: 0.01 },
  hasDecay: (spec) => spec.hasDecay,
});
const scoring = scoringGraph(ranker);
const scorer = await compile(scoring.graph, scoring.output, device);
const position = { seed: 1, step: 0 };
const scoreFeeds = { ...parameterFeeds(parameters), ...tower.feeds };
for (let run = -3; run < nRuns; run++) {
  const into = run < 0 ? {} : times;
  await timed(into, 'step', async () => {
    await timed(into, 'accumulate', () => step.accumulate(pairs, { ...position, step: run }));
    const { norm } = await timed(into, 'norm', () => update.norm());
    await timed(into, 'update', () => update.apply({ lr: 1e-5, t: run + 4, maxNorm: norm / 2, norm }));
    await timed(into, 'clear', () => step.clear());
  });
  await timed(into, 'masks', () => dropoutMasks(graph.dropoutSites, graph.towers, pairs, tower.binding, position));
  await timed(into, 'score', () => scorer.run(scoreFeeds, tower.binding));
}
await step.dispose();
await scorer.dispose();

console.log(`batch ${batch} × ${tokens} tokens, threads ${options.threads ?? 'default'}, median of ${nRuns}`);
for (const [part, values] of Object.entries(times))
  console.log(
    `  ${part.padEnd(12)} ${median(values).toFixed(1).padStart(8)} ms  (best ${Math.min(...values).toFixed(1)})`,
  );
const perSecond = (part: string): string => ((1000 * batch) / median(times[part]!)).toFixed(1);
console.log(`  training ${perSecond('step')} pairs/s, scoring ${perSecond('score')} pairs/s`);

const masks = dropoutMasks(graph.dropoutSites, graph.towers, pairs, tower.binding, position);
const inputs = Object.entries(pairs.lossInputs).map(([name, data]) => [name, Float32Array.from(data)] as const);
const trainFeeds = { ...scoreFeeds, ...masks, ...Object.fromEntries(inputs) };
printProfile('training', await profile(graph.graph, graph.outputs, trainFeeds));
printProfile('scoring', await profile(scoring.graph, scoring.output, scoreFeeds));
