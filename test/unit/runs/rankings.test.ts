import { appendFileSync, existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LABELS } from '../../../src/vocabulary/label.ts';
import { listDevScores, readDevScores, writeDevScores } from '../../../src/rankings/dev-scores.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { openRankings } from '../../../src/rankings/rankings.ts';
import type { Rankings } from '../../../src/rankings/rankings.ts';
import type { PageRequest } from '../../../src/rankings/rankings-page.ts';
import { openRankingsWriter } from '../../../src/rankings/rankings-writer.ts';
import type { NewRankedQuery } from '../../../src/rankings/rankings-writer.ts';
import { tempFolder } from './temp-folder.ts';

/** Numbers in [0, 1), the same each time (Park and Miller's generator). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

function queries(n: number): NewRankedQuery[] {
  const random = randomFrom(7);
  return Array.from({ length: n }, (_, i) => {
    const products = Array.from({ length: 3 + (i % 4) }, (_, j) => ({
      id: `B${i}-${j}`,
      title: j === 0 ? '' : `Größe “${j}” 商品 🛒`,
      label: LABELS[Math.floor(random() * 4)]!,
    }));
    const scores = () => Float32Array.from(products, () => (random() - 0.5) * 10 ** (random() * 20 - 10));
    const better = random() < 0.3 ? 0 : random() - 0.5;
    return {
      id: String(1000 - i),
      text: i % 3 === 0 ? `  Laufschuhe ohne Bänder ${i}` : `running shoes ${i}`,
      products,
      scores: { pretrained: scores(), 'fine-tuned': scores() },
      metrics: {
        pretrained: { esci_ndcg: 0.5, mrr: i % 5 === 0 ? null : 0.25 },
        'fine-tuned': { esci_ndcg: 0.5 + better, mrr: i % 5 === 0 ? null : random() },
      },
    };
  });
}

async function store(dir: string, all: readonly NewRankedQuery[]): Promise<Rankings> {
  const writer = await openRankingsWriter(dir, 'test');
  for (const query of all) await writer.add(query);
  await writer.finish();
  const rankings = await openRankings(dir, 'test');
  if (rankings === undefined) throw new Error('no rankings');
  return rankings;
}

describe('stored rankings', () => {
  it('give back each query with its float32 scores to the bit', async () => {
    const dir = tempFolder();
    const all = queries(50);
    const rankings = await store(dir, all);
    expect([rankings.rankers, rankings.metrics]).toEqual([
      ['pretrained', 'fine-tuned'],
      ['esci_ndcg', 'mrr'],
    ]);
    for (const query of all) {
      const found = await rankings.query(query.id);
      expect(found).toMatchObject({ id: query.id, text: query.text, products: query.products });
      for (const ranker of rankings.rankers) {
        expect(Float32Array.from(found!.scores[ranker]!)).toEqual(query.scores[ranker]);
      }
    }
    expect(await rankings.query('none')).toBeUndefined();
    await rankings.close();
    expect(readdirSync(join(dir, 'rankings')).sort()).toEqual(['test.index.json', 'test.jsonl']);
  });

  it('keep the extremes of float32', async () => {
    const extremes = Float32Array.of(
      3.4028234663852886e38,
      1.401298464324817e-45,
      -1.1754943508222875e-38,
      0.1,
      1 / 3,
      16777217,
    );
    const products = Array.from(extremes, (_, i) => ({ id: `P${i}`, title: '', label: 'E' as const }));
    const rankings = await store(tempFolder(), [{ id: 'q', text: '', products, scores: { m: extremes }, metrics: {} }]);
    expect(Float32Array.from((await rankings.query('q'))!.scores['m']!)).toEqual(extremes);
    await rankings.close();
  });

  it('do not show before they are finished, and earlier ones stay when the writer gives up', async () => {
    const dir = tempFolder();
    const [first] = queries(1);
    const writer = await openRankingsWriter(dir, 'test');
    await writer.add(first!);
    expect(await openRankings(dir, 'test')).toBeUndefined();
    await writer.finish();
    const second = await openRankingsWriter(dir, 'test');
    await second.add({ ...first!, id: 'other' });
    await second.discard();
    const rankings = await openRankings(dir, 'test');
    expect(rankings?.index.ids).toEqual([first!.id]);
    expect(readdirSync(join(dir, 'rankings')).sort()).toEqual(['test.index.json', 'test.jsonl']);
  });

  it('refuse bugs of the writer: scores that are missing or no numbers, metrics that come and go', async () => {
    const [q] = queries(1);
    const writer = await openRankingsWriter(tempFolder(), 'test');
    await writer.add(q!);
    await expect(writer.add({ ...q!, scores: { pretrained: [1] } })).rejects.toThrow(/1 scores of pretrained for 3/);
    await expect(writer.add({ ...q!, scores: { pretrained: [1, 2, NaN] } })).rejects.toThrow(/a score is NaN/);
    await expect(writer.add({ ...q!, metrics: { pretrained: { esci_ndcg: 1 } } })).rejects.toThrow(
      /1 metric values, 4/,
    );
    await writer.discard();
  });

  it('say so when index and lines do not belong together', async () => {
    const dir = tempFolder();
    const all = queries(3);
    await (await store(dir, all)).close();
    const path = runPaths.rankings(dir, 'test');
    const text = readFileSync(path, 'utf8');
    appendFileSync(path, 'x');
    await expect(openRankings(dir, 'test')).rejects.toMatchObject({ problem: { code: 'broken-file', where: path } });
    writeFileSync(path, text.replace('"id":"1000"', '"id":"1001"'));
    const swapped = await openRankings(dir, 'test');
    await expect(swapped!.query('1000')).rejects.toMatchObject({ problem: { code: 'broken-file' } });
    await swapped!.close();
    const indexPath = runPaths.rankingsIndex(dir, 'test');
    writeFileSync(indexPath, readFileSync(indexPath, 'utf8').replace('"texts":["', '"texts":["extra","'));
    await expect(openRankings(dir, 'test')).rejects.toMatchObject({ problem: { code: 'broken-file' } });
    truncateSync(indexPath, 20);
    await expect(openRankings(dir, 'test')).rejects.toMatchObject({ problem: { code: 'broken-file' } });
    expect(existsSync(indexPath)).toBe(true);
  });
});

describe('a page', () => {
  const all = queries(60);
  const delta = { ranker: 'fine-tuned', base: 'pretrained', metric: 'esci_ndcg' } as const;
  const deltaOf = (q: NewRankedQuery) =>
    q.metrics['fine-tuned']!['esci_ndcg']! - q.metrics['pretrained']!['esci_ndcg']!;

  async function idsOf(request: PageRequest): Promise<{ total: number; ids: string[]; outcomes: object }> {
    const rankings = await store(tempFolder(), all);
    const { total, rows, outcomes } = rankings.page(request);
    await rankings.close();
    return { total, ids: rows.map((r) => r.id), outcomes };
  }

  it('is in the data’s order without a sort, and pages join without gaps', async () => {
    const rankings = await store(tempFolder(), all);
    const pages = [0, 25, 50, 75].flatMap((offset) => rankings.page({ offset, limit: 25 }).rows);
    expect(pages.map((r) => r.id)).toEqual(all.map((q) => q.id));
    expect(pages[3]).toEqual({
      row: 3,
      id: all[3]!.id,
      text: all[3]!.text,
      counts: Object.fromEntries(LABELS.map((l) => [l, all[3]!.products.filter((p) => p.label === l).length])),
      metrics: all[3]!.metrics,
    });
    await rankings.close();
  });

  it('sorts by what a ranker gains, equal ones in the data’s order', async () => {
    const expected = [...all].sort((a, b) => deltaOf(b) - deltaOf(a)).map((q) => q.id);
    const sort = { key: 'value', isDescending: true } as const;
    expect((await idsOf({ sort, value: delta, offset: 0, limit: 100 })).ids).toEqual(expected);
  });

  it('puts queries that a metric leaves out last, both ways', async () => {
    const value = { ranker: 'fine-tuned', metric: 'mrr' };
    const without = all.filter((q) => q.metrics['fine-tuned']!['mrr'] === null).map((q) => q.id);
    for (const isDescending of [true, false]) {
      const { ids } = await idsOf({ sort: { key: 'value', isDescending }, value, offset: 0, limit: 100 });
      expect(ids.slice(-without.length)).toEqual(without);
    }
  });

  it('sorts texts as people do, numbers by value', async () => {
    const { ids } = await idsOf({ sort: { key: 'text', isDescending: false }, offset: 0, limit: 100 });
    const running = ids.map((id) => all.find((q) => q.id === id)!.text).filter((t) => t.startsWith('running'));
    expect(running.slice(0, 4)).toEqual(['running shoes 1', 'running shoes 2', 'running shoes 4', 'running shoes 5']);
  });

  it('filters by words, label and outcome, and counts the outcomes beside', async () => {
    const found = await idsOf({ filter: { text: 'BÄNDER laufschuhe' }, value: delta, offset: 0, limit: 5 });
    const expected = all.filter((q) => q.text.includes('Laufschuhe'));
    expect(found.total).toBe(expected.length);
    expect(found.outcomes).toEqual({
      win: expected.filter((q) => deltaOf(q) > 0).length,
      tie: expected.filter((q) => deltaOf(q) === 0).length,
      loss: expected.filter((q) => deltaOf(q) < 0).length,
    });
    const ties = await idsOf({ filter: { outcome: 'tie' }, value: delta, offset: 0, limit: 100 });
    expect(ties.ids).toEqual(all.filter((q) => deltaOf(q) === 0).map((q) => q.id));
    expect(ties.ids.length).toBeGreaterThan(0);
    const complement = await idsOf({ filter: { label: 'C' }, offset: 0, limit: 100 });
    expect(complement.ids).toEqual(all.filter((q) => q.products.some((p) => p.label === 'C')).map((q) => q.id));
  });
});

describe('dev scores', () => {
  it('come back by query', async () => {
    const dir = tempFolder();
    const all = queries(8);
    const writer = await openRankingsWriter(dir, 'dev');
    for (const query of all) await writer.add({ ...query, scores: {}, metrics: {} });
    await writer.finish();
    const rankings = await openRankings(dir, 'dev');
    const scores = all.map((q) => q.scores['fine-tuned'] as Float32Array);
    expect(await readDevScores(dir, 120, rankings!.index)).toBeUndefined();
    expect(await listDevScores(dir)).toEqual([]);
    await writeDevScores(dir, 120, scores);
    await writeDevScores(dir, 60, [Float32Array.of(1)]);
    expect(await readDevScores(dir, 120, rankings!.index)).toEqual(scores);
    expect(await listDevScores(dir)).toEqual([60, 120]);
    await expect(readDevScores(dir, 60, rankings!.index)).rejects.toMatchObject({ problem: { code: 'broken-file' } });
  });
});
