/**
 * The real-data study: 5-fold cross-validation over all judged queries of an ESCI folder, through the trainer as users run it.
 *
 *   npx tsx test/bench/cross-validation.ts DATA_FOLDER OUTPUT_FOLDER [--seeds 1,2,3] [--only bi|cross] [--best esci_ndcg|loss]
 *
 * DATA_FOLDER is any layout that the readers know. Queries of all splits are pooled and dealt to five folds by a fixed seed; the
 * dev queries are held out of the training folds; `--best` is the result on them that selects the model. A finished fold is kept, so that the study can be stopped and goes on. Prints, for each model, every
 * metric of random, BM25, pretrained, fine-tuned and ideal over all queries, and the paired comparison, the three seeds averaged query by query.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadJudgedData } from '../../src/data/load-data.ts';
import { createRandom } from '../../src/data/random.ts';
import type { JudgedQuery } from '../../src/data/judged-query.ts';
import { evaluateMetrics, idealOrder, randomOrder, type Evaluation } from '../../src/metrics/evaluate.ts';
import { ESCI_GAINS, type Label } from '../../src/vocabulary/label.ts';
import { comparePaired } from '../../src/metrics/paired-tests.ts';
import type { ScoredQuery } from '../../src/metrics/scored-query.ts';
import { createRun } from '../../src/runs/create-run.ts';
import { runPaths } from '../../src/runs/layout.ts';

const N_FOLDS = 5;
const METRICS = ['esci_ndcg', 'mrr@10', 'ndcg@10', 'p@10', 'r@10'];
const SPLITS = ['train', 'dev', 'test'] as const;

const MODELS = {
  bi: { type: 'bi-encoder', loss: 'cosine-MSE', epochs: 1, lr: '2.0e-5' },
  cross: { type: 'cross-encoder', loss: 'MSE', epochs: 3, lr: '5.0e-5' },
} as const;

const [dataFolder, outputFolder, ...flags] = process.argv.slice(2);
if (dataFolder === undefined || outputFolder === undefined)
  throw new Error('usage: cross-validation.ts DATA_FOLDER OUTPUT_FOLDER');
const flag = (name: string): string | undefined => (flags.includes(name) ? flags[flags.indexOf(name) + 1] : undefined);
const seeds = (flag('--seeds') ?? '1,2,3').split(',').map(Number);
const best = flag('--best') ?? 'esci_ndcg';
const models = Object.entries(MODELS).filter(([name]) => flag('--only') === undefined || flag('--only') === name);
const trainer = fileURLToPath(new URL('../../dist/trainer.js', import.meta.url));

const options = {
  locale: 'us',
  version: 'all',
  productFields: ['product_title'],
  devQueries: 0.1,
  maxQueries: null,
  seed: 1,
} as const;
const data = await loadJudgedData({ paths: [resolve(dataFolder)] }, { ...options, require: ['test'] });
const queries = SPLITS.flatMap((split) => data[split]).sort((a, b) => (a.id < b.id ? -1 : 1));
createRandom(20_26).shuffle(queries);
const foldOf = (i: number): number => i % N_FOLDS;

const output = resolve(outputFolder);
mkdirSync(output, { recursive: true });
for (let fold = 0; fold < N_FOLDS; fold++) writeFold(join(output, `fold-${fold}`), fold);

for (const [name, model] of models) {
  for (const seed of seeds) {
    for (let fold = 0; fold < N_FOLDS; fold++) {
      const done = join(output, `${name}-${best}-seed${seed}-fold${fold}.jsonl`);
      if (!existsSync(done)) await runFold(join(output, `fold-${fold}`), model, seed, done);
    }
  }
  report(
    name,
    seeds.map((seed) => readScores(name, seed)),
  );
}

/** Writes the fold as jsonl files of the joined layout: test is the fold, train the rest; dev is held out by the reader. */
function writeFold(folder: string, fold: number): void {
  mkdirSync(folder, { recursive: true });
  for (const split of ['train', 'test'] as const) {
    const lines = queries
      .filter((_, i) => (foldOf(i) === fold) === (split === 'test'))
      .flatMap((query) =>
        query.judgements.map(({ product, label }) =>
          JSON.stringify({
            query_id: query.id,
            query: query.text,
            product_id: product.id,
            product_title: product.title,
            product_locale: 'us',
            esci_label: label,
            small_version: 1,
            large_version: 1,
            split,
          }),
        ),
      );
    writeFileSync(join(folder, `${split}.jsonl`), `${lines.join('\n')}\n`);
  }
}

async function runFold(
  folder: string,
  model: (typeof MODELS)[keyof typeof MODELS],
  seed: number,
  done: string,
): Promise<void> {
  const text = [
    `model: { name: "bundled:all-MiniLM-L6-v2", type: "${model.type}" }`,
    `data: { uri: ${JSON.stringify(folder)} }`,
    'hyperparameters:',
    `  { num_epochs: ${model.epochs}, max_length: 128, batch_size: 32, learning_rate: ${model.lr}, warmup_ratio: 0.1, loss_function: "${model.loss}",`,
    `    early_stopping_patience: 100, metric_for_best_model: "${best}", seed: ${seed} }`,
    `evaluation: { metrics: [${METRICS.map((metric) => JSON.stringify(metric)).join(', ')}] }`,
    '',
  ].join('\n');
  const { runDir } = await createRun(join(output, 'runs'), text, {
    name: 'fold',
    job: 'train',
    experimentFile: join(folder, 'experiment.yml'),
  });
  const started = Date.now();
  execFileSync(process.execPath, [trainer, JSON.stringify({ kind: 'train', runDir, resume: false })], {
    stdio: 'inherit',
  });
  writeFileSync(done, readFileSync(runPaths.rankings(runDir, 'test')));
  rmSync(runDir, { recursive: true, force: true });
  console.log(`${done} in ${Math.round((Date.now() - started) / 1000)} s`);
}

interface StoredQuery {
  readonly id: string;
  readonly text: string;
  readonly products: readonly { readonly id: string; readonly label: Label }[];
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

/** Stored test rankings of a seed over all folds, in the order of `queries`. */
function readScores(name: string, seed: number): StoredQuery[] {
  const stored = new Map<string, StoredQuery>();
  for (let fold = 0; fold < N_FOLDS; fold++) {
    const lines = readFileSync(join(output, `${name}-${best}-seed${seed}-fold${fold}.jsonl`), 'utf8')
      .trim()
      .split('\n');
    for (const line of lines) {
      const query = JSON.parse(line) as StoredQuery;
      stored.set(query.id, query);
    }
  }
  return queries.map((query: JudgedQuery) => stored.get(query.id)!);
}

function report(name: string, bySeed: readonly StoredQuery[][]): void {
  const evaluate = (ranker: string, stored: readonly StoredQuery[]): Evaluation =>
    evaluateMetrics(METRICS, scored(stored, ranker), ESCI_GAINS);
  const first = bySeed[0]!;
  const unscored = scored(first, 'bm25');
  const tuned = bySeed.map((stored) => evaluate('fine-tuned', stored));
  const pretrained = evaluate('pretrained', first);
  const bm25 = evaluate('bm25', first);
  const [random, ideal] = [randomOrder(METRICS, unscored, ESCI_GAINS), idealOrder(METRICS, unscored, ESCI_GAINS)];
  console.log(`\n${name}, best by ${best} on dev, ${queries.length} queries, ${bySeed.length} seed(s)`);
  console.log(
    'metric      random  bm25    pretr.  tuned   by seed                    Δ to pretrained [95 %]        p      ideal',
  );
  for (const metric of METRICS) {
    const mean = tuned[0]!.perQuery[metric]!.map(
      (_, i) => tuned.reduce((sum, { perQuery }) => sum + perQuery[metric]![i]!, 0) / tuned.length,
    );
    const { meanDelta, interval, p } = comparePaired(pretrained.perQuery[metric]!, mean);
    const tunedMeans = tuned.map(({ means }) => means[metric]!);
    const cells = [random, bm25, pretrained].map(({ means }) => means[metric]!.toFixed(4));
    cells.push(
      (tunedMeans.reduce((a, b) => a + b, 0) / tunedMeans.length).toFixed(4),
      tunedMeans.map((value) => value.toFixed(4)).join(' '),
    );
    cells.push(
      `${meanDelta.toFixed(4)} [${interval.map((value) => value.toFixed(4)).join(', ')}]`,
      p.toFixed(4),
      ideal.means[metric]!.toFixed(4),
    );
    console.log(`${metric.padEnd(11)} ${cells.join('  ')}`);
  }
}

function scored(stored: readonly StoredQuery[], ranker: string): ScoredQuery[] {
  return stored.map(({ id, text, products, scores }) => ({
    id,
    text,
    labels: products.map(({ label }) => label),
    productIds: products.map((product) => product.id),
    scores: scores[ranker]!,
  }));
}
