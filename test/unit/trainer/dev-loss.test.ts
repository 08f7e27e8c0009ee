import { expect, it } from 'vitest';
import { openScorer } from '../../../src/engine/onnx/scorer.ts';
import { evaluate } from '../../../src/graph/evaluate.ts';
import { Graph } from '../../../src/graph/graph.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import { oracleCase, oracleRanker, oracleSequences } from '../engine/oracle-case.ts';

const device = { device: 'cpu', threads: null } as const;

const CASES: readonly (readonly [string, LossName])[] = [
  ['tiny-cross-mse', 'MSE'],
  ['tiny-cross-bce', 'BCE'],
  ['tiny-labels4-cross-mse', 'MSE'],
  ['tiny-labels4-cross-bce', 'BCE'],
  ['tiny-bi-cosine-mse-mean', 'cosine-MSE'],
  ['tiny-bi-multiple-negatives-mean', 'multiple-negatives'],
];

/** The loss on dev is computed from outputs; it must be what training minimises. */
it.each(CASES)('%s', async (name, loss) => {
  const oracle = oracleCase(name);
  const type = name.includes('-bi-') ? 'bi-encoder' : 'cross-encoder';
  const { ranker, parameters } = oracleRanker(oracle.info.modelFolder, type, 'mean');
  const scorer = await openScorer(ranker, parameters, device);
  // As many distinct texts as there are sequences: pair i is product 0 of query i.
  const towers = ranker.towers.map((prefix) => oracleSequences(oracle, prefix));
  const n = towers[0]!.length;
  const { texts, read } = ranker.plan(
    Array.from({ length: n }, (_, i) => ({ query: `query ${i}`, products: [`product ${i}`] })),
  );
  const sequences = texts.map((words) => {
    const [, tower, i] = /^(query|product) (\d+)$/.exec(words[0])!;
    return towers[tower === 'product' ? 1 : 0]![Number(i)]!;
  });
  const outputs = read(await scorer.score(sequences));
  const targets = oracle.has('targets') ? oracle.floats('targets') : [];
  const nWeights = targets.length || n;
  const feeds = {
    ...outputs.lossFeeds(Array.from({ length: n }, (_, query) => ({ query, products: [0] }))),
    targets,
    weights:
      loss === 'multiple-negatives'
        ? Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 / n : 0))
        : new Array<number>(nWeights).fill(1 / nWeights),
  };
  const [found] = evaluate(ranker.outputLoss(loss, new Graph()), feeds, { batch: n });
  expect(found).toBeCloseTo(oracle.info.loss, 5);
  await scorer.dispose();
});
