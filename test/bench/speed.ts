/**
 * Training and scoring speed beside sentence-transformers, in one run on one machine:
 *
 *   npm run bench -- --data ESCI_FOLDER --python PEERS_PYTHON [--rounds 3] [--steps 15]
 *
 * all-MiniLM-L6-v2 as a cross-encoder on the pairs of the folder's train split, batch 32, two threads on both sides. Ours trains with dropout,
 * clipping and AdamW from length-bucketed batches, as the trainer does. Each round runs ours and the peer one after the other; the medians over
 * rounds and their ratio are printed. PEERS_PYTHON has sentence-transformers and torch (test/oracle/requirements.txt).
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { experimentDefaults } from '../../src/config/check/parse-experiment.ts';
import type { Experiment } from '../../src/config/experiment.ts';
import { lengthSortedBatches } from '../../src/data/batch.ts';
import type { JudgedQuery } from '../../src/data/judged-query.ts';
import { loadJudgedData } from '../../src/data/load-data.ts';
import { createRandom } from '../../src/data/random.ts';
import { loadTokeniser } from '../../src/tokenise/tokeniser.ts';
import type { TrainingOptions } from '../../src/engine/engine.ts';
import { openTraining } from '../../src/engine/onnx/onnx-engine.ts';
import { openScorer } from '../../src/engine/onnx/scorer.ts';
import { ESCI_GAINS } from '../../src/vocabulary/label.ts';
import { bundledModelFolder } from '../../src/model/bundled.ts';
import { loadModel } from '../../src/model/load.ts';
import { saveModel } from '../../src/model/save.ts';
import { planBatches } from '../../src/trainer/loop/batches.ts';
import { examplesFor } from '../../src/trainer/loop/examples.ts';

const THREADS = 2;
const BATCH = 32;
const WARM_UP = 3;

const flags = process.argv.slice(2);
const flag = (name: string, fallback?: string): string => {
  const value = flags.includes(name) ? flags[flags.indexOf(name) + 1] : fallback;
  if (value === undefined) throw new Error(`${name} is missing; usage is at the top of test/bench/speed.ts`);
  return value;
};
const nSteps = Number(flag('--steps', '15'));
const device = { device: 'cpu', threads: THREADS } as const;
const bundled = bundledModelFolder('bundled:all-MiniLM-L6-v2')!;
const options = {
  locale: 'us',
  version: 'all',
  productFields: ['product_title'],
  devQueries: 0,
  maxQueries: null,
  seed: 1,
  require: ['train'],
} as const;
const { train } = await loadJudgedData({ paths: [resolve(flag('--data'))] }, options);

if (flags.includes('--ours')) {
  console.log(JSON.stringify({ train: await oursTrain(train), predict: await oursPredict(train) }));
} else {
  compare();
}

function model() {
  const random = createRandom(1);
  const normal = (): number => Array.from({ length: 12 }, () => random.nextFloat()).reduce((a, b) => a + b, -6);
  return loadModel(bundled, { type: 'cross-encoder', nLabels: 1, pooling: null, isNormalised: true, normal });
}

/** Pairs per second over `nSteps` steps of the trainer's own batches, after a warm-up. */
async function oursTrain(queries: readonly JudgedQuery[]): Promise<number> {
  const defaults = experimentDefaults('bundled:all-MiniLM-L6-v2', 'data');
  const experiment: Experiment = { ...defaults, hyperparameters: { ...defaults.hyperparameters, batch_size: BATCH } };
  const { ranker, parameters } = model();
  const tokens = await loadTokeniser(bundled);
  const batches = planBatches(experiment, ranker, examplesFor('MSE', queries), tokens);
  const trainedBlocks = new Set(['embeddings', 'encoder', 'pooler', 'classifier'] as const);
  const training: TrainingOptions = {
    ...({ loss: 'MSE', trainedBlocks, dropout: null, hasDropoutInFrozen: false } as const),
    ...({ optimizer: 'AdamW', weightDecay: 0.01, seed: 1 } as const),
  };
  const engine = await openTraining(ranker, parameters, training, device);
  let [nPairs, started] = [0, 0];
  for (let i = 0; i < WARM_UP + nSteps; i++) {
    if (i === WARM_UP) [nPairs, started] = [0, performance.now()];
    const parts = batches.batchesOf(i);
    await engine.step(parts, { step: i, lr: 2e-5, maxNorm: 1 });
    nPairs += parts.reduce((sum, { pairs }) => sum + pairs.length, 0);
  }
  const seconds = (performance.now() - started) / 1000;
  await engine.dispose();
  return nPairs / seconds;
}

/** Pairs per second of scoring all pairs in batches of similar length, `BATCH` pairs each on average. */
async function oursPredict(queries: readonly JudgedQuery[]): Promise<number> {
  const { ranker, parameters } = model();
  const tokens = await loadTokeniser(bundled);
  const pairs = queries.flatMap(({ text, judgements }) =>
    judgements.map(({ product }) => tokens.pair(text, product.text, 512)),
  );
  const scorer = await openScorer(ranker, parameters, device);
  const lengths = pairs.map(({ ids }) => ids.length);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const batches = lengthSortedBatches(lengths, BATCH * mean);
  await scorer.score(batches[0]!.map((i) => pairs[i]!));
  const started = performance.now();
  for (const batch of batches) await scorer.score(batch.map((i) => pairs[i]!));
  const seconds = (performance.now() - started) / 1000;
  await scorer.dispose();
  return pairs.length / seconds;
}

function compare(): void {
  const python = flag('--python');
  const folder = mkdtempSync(join(tmpdir(), 'esci-lab-bench-'));
  const { ranker, parameters, config, unused } = model();
  mkdirSync(join(folder, 'model'));
  saveModel(join(folder, 'model'), ranker, parameters, { source: bundled, config, unused, maxLength: 512, card: '' });
  const pairs = join(folder, 'pairs.jsonl');
  const lines = train.flatMap(({ text, judgements }) =>
    judgements.map(({ product, label }) =>
      JSON.stringify({ query: text, title: product.title, gain: ESCI_GAINS[label] }),
    ),
  );
  writeFileSync(pairs, `${lines.join('\n')}\n`);
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const lastLine = (output: string): string => output.trim().split('\n').at(-1)!;
  const peer = (name: string, ...args: string[]): number => {
    const output = execFileSync(
      python,
      [script(name), join(folder, 'model'), pairs, '--threads', String(THREADS), ...args],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, HF_HUB_OFFLINE: '1' },
      },
    );
    return (JSON.parse(lastLine(output)) as { pairsPerSecond: number }).pairsPerSecond;
  };
  const rounds: { ours: { train: number; predict: number }; peer: { train: number; predict: number } }[] = [];
  for (let i = 0; i < Number(flag('--rounds', '3')); i++) {
    const tsx = fileURLToPath(import.meta.resolve('tsx'));
    const output = execFileSync(process.execPath, ['--import', tsx, script('speed.ts'), '--ours', ...flags], {
      encoding: 'utf8',
    });
    const ours = JSON.parse(lastLine(output)) as { train: number; predict: number };
    rounds.push({
      ours,
      peer: { train: peer('peers_train.py', '--steps', String(nSteps)), predict: peer('peers_predict.py') },
    });
    console.log(JSON.stringify(rounds.at(-1)));
  }
  for (const what of ['train', 'predict'] as const) {
    const ours = median(rounds.map((round) => round.ours[what]));
    const theirs = median(rounds.map((round) => round.peer[what]));
    const ratios = rounds.map((round) => (round.ours[what] / round.peer[what]).toFixed(2)).join(', ');
    console.log(
      `${what}: ours ${ours.toFixed(1)} pairs/s, sentence-transformers ${theirs.toFixed(1)} pairs/s, ratio of medians ${(ours / theirs).toFixed(2)} (by round ${ratios})`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
