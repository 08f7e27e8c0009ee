import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparisonOf } from '../../../../src/host/panels/compared-runs.ts';
import { readDevScores, writeDevScores } from '../../../../src/rankings/dev-scores.ts';
import { runPaths } from '../../../../src/runs/layout.ts';
import type { RankedSplit } from '../../../../src/runs/layout.ts';
import type { RankedQuery } from '../../../../src/rankings/rankings-format.ts';
import { openRankings } from '../../../../src/rankings/rankings.ts';
import type { PageRequest } from '../../../../src/rankings/rankings-page.ts';
import { openRankingsWriter } from '../../../../src/rankings/rankings-writer.ts';
import type { FuzzFormat } from '../format.ts';
import { printTree } from '../json-tree.ts';
import { likeValue } from '../like.ts';
import { joinParts, splitParts } from '../parts.ts';
import { commandLine } from './command-line.ts';
import { recorded, recordedText, RUN_ID, runsFolderWith } from './run-folder.ts';
import { bytesOf, decode } from './seeds.ts';

const PARTS = 3;
const STEP = 4;

/** Index, lines, scores. An index that says `"bytes":0` gets the size of the lines, so that a changed line is read at all. */
function files(bytes: Uint8Array, split: RankedSplit): Record<string, Uint8Array> {
  const [index, lines, scores] = splitParts(bytes, PARTS) as [Uint8Array, Uint8Array, Uint8Array];
  return {
    'run.json': recorded('run.json'),
    [`rankings/${split}.index.json`]: bytesOf(decode(index).replace('"bytes":0', `"bytes":${lines.length}`)),
    [`rankings/${split}.jsonl`]: lines,
    [`rankings/dev/step-00000${STEP}.f32`]: scores,
  };
}

/** Rankings as the product writes them: the first queries of the recorded run. */
async function written(nQueries: number, split: RankedSplit): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'esci-fuzz-seed-'));
  try {
    const writer = await openRankingsWriter(folder, split);
    const lines = recordedText('rankings/test.jsonl').split('\n').slice(0, nQueries);
    const queries = lines.map((line) => JSON.parse(line) as RankedQuery);
    for (const { id, text, products, scores } of queries) {
      const byRanker = split === 'dev' ? {} : scores;
      const metrics = Object.fromEntries(
        Object.keys(byRanker).map((ranker, i) => [ranker, { esci_ndcg: i / 7, 'mrr@10': i === 2 ? null : 1 }]),
      );
      await writer.add({
        id,
        text,
        products: products.slice(0, 6),
        scores: Object.fromEntries(Object.entries(byRanker).map(([name, all]) => [name, all.slice(0, 6)])),
        metrics,
      });
    }
    await writer.finish();
    await writeDevScores(
      folder,
      STEP,
      queries.map(({ products }) => new Float32Array(Math.min(6, products.length)).fill(0.5)),
    );
    const index = readFileSync(runPaths.rankingsIndex(folder, split), 'utf8').replace(/"bytes":\d+/, '"bytes":0');
    return joinParts([
      bytesOf(index),
      readFileSync(runPaths.rankings(folder, split)),
      readFileSync(runPaths.devScores(folder, STEP)),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const VALUE = { metric: 'esci_ndcg', ranker: 'fine-tuned', base: 'pretrained' };
const PAGES: readonly PageRequest[] = [
  { offset: 0, limit: 20 },
  { sort: { key: 'value', isDescending: true }, value: VALUE, filter: { outcome: 'win' }, offset: 0, limit: 5 },
  { sort: { key: 'text', isDescending: false }, filter: { text: 'towel e' }, offset: 1, limit: 5 },
  {
    sort: { key: 'products', isDescending: true },
    value: { metric: 'constructor', ranker: '__proto__' },
    filter: { label: 'E' },
    offset: 0,
    limit: 500,
  },
];

/** Stored rankings of a run: `index.json`, the lines, and the scores of an evaluation on dev. */
export const rankings: FuzzFormat = {
  ending: 'txt',
  parts: ['json', 'jsonl', 'bytes'],
  seeds: async () => [await written(3, 'test'), await written(1, 'test'), await written(2, 'dev')],
  arbitrary: (seeds) => {
    const [index, lines, scores] = splitParts(seeds[0]!, PARTS) as [Uint8Array, Uint8Array, Uint8Array];
    const queries = decode(lines)
      .split('\n')
      .filter(Boolean)
      .map((line) => likeValue(JSON.parse(line)));
    return fc
      .tuple(likeValue(JSON.parse(decode(index))), fc.tuple(...queries))
      .map(([tree, all]) =>
        joinParts([bytesOf(printTree(tree)), bytesOf(all.map((line) => `${printTree(line)}\n`).join('')), scores]),
      );
  },
  words: [
    'ids',
    'texts',
    'offsets',
    'lengths',
    'counts',
    'metrics',
    'fine-tuned',
    'pretrained',
    'esci_ndcg',
    'products',
    'scores',
    'label',
    '"bytes":0',
    '"bytes":1',
  ],
  readers: {
    test: (bytes, folder) => readAll(join(runsFolderWith(folder, files(bytes, 'test')), RUN_ID)),
    dev: async (bytes, folder) => {
      const runDir = join(runsFolderWith(folder, files(bytes, 'dev')), RUN_ID);
      const found = await openRankings(runDir, 'dev');
      await found?.close();
      return found && readDevScores(runDir, STEP, found.index);
    },
    compare: (bytes, folder) =>
      comparisonOf(runsFolderWith(folder, files(bytes, 'test')), [RUN_ID], undefined, 'esci_ndcg'),
    compareWithItself: (bytes, folder) =>
      comparisonOf(runsFolderWith(folder, files(bytes, 'test')), ['other', RUN_ID], RUN_ID, 'mrr@10'),
    queries: (bytes, folder) =>
      commandLine('show', RUN_ID, '--queries', '--runs', runsFolderWith(folder, files(bytes, 'test'))),
    query: (bytes, folder) =>
      commandLine('show', RUN_ID, '--query', 'a', '--runs', runsFolderWith(folder, files(bytes, 'test'))),
  },
};

/** Pages of every kind, and each query. */
async function readAll(runDir: string): Promise<unknown> {
  const found = await openRankings(runDir, 'test');
  if (found === undefined) return undefined;
  try {
    const pages = PAGES.map((request) => found.page(request));
    for (const id of found.index.ids.slice(0, 5)) await found.query(id);
    return [found.rankers, found.metrics, pages];
  } finally {
    await found.close();
  }
}
