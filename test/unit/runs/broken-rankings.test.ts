import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDevScores } from '../../../src/rankings/dev-scores.ts';
import { runPaths } from '../../../src/runs/layout.ts';
import { openRankings } from '../../../src/rankings/rankings.ts';
import type { RankingsIndex } from '../../../src/rankings/rankings-format.ts';
import { openRankingsWriter } from '../../../src/rankings/rankings-writer.ts';
import { tempFolder } from './temp-folder.ts';

/** A run folder with two stored test queries. */
async function stored(): Promise<string> {
  const dir = tempFolder();
  const writer = await openRankingsWriter(dir, 'test');
  for (const id of ['a', 'b']) {
    const products = [{ id: `${id}1`, title: 'x', label: 'E' as const }];
    await writer.add({ id, text: id, products, scores: { pretrained: [1] }, metrics: { pretrained: { mrr: 1 } } });
  }
  await writer.finish();
  return dir;
}

function changeIndex(dir: string, change: (index: RankingsIndex) => object): void {
  const path = runPaths.rankingsIndex(dir, 'test');
  const index = JSON.parse(readFileSync(path, 'utf8')) as RankingsIndex;
  writeFileSync(path, JSON.stringify({ ...index, ...change(index) }));
}

const BROKEN = { problem: { code: 'broken-file' } };

const LIES: Readonly<Record<string, (index: RankingsIndex) => object>> = {
  'an offset behind the end': ({ offsets }) => ({ offsets: [0, offsets[1]! + 1e9] }),
  'a negative offset': () => ({ offsets: [0, -1] }),
  'offsets that overlap': () => ({ offsets: [0, 5] }),
  'a length of a billion': ({ lengths }) => ({ lengths: [lengths[0], 1e9] }),
  'a length of half a line': ({ lengths }) => ({ lengths: [lengths[0], 5] }),
  'a length that no number has': ({ lengths }) => ({ lengths: [lengths[0], 1.5] }),
  'a line too few': ({ ids, texts, offsets, lengths, counts, metrics }) => ({
    ...{ ids: ids.slice(1), texts: texts.slice(1), offsets: offsets.slice(1), lengths: lengths.slice(1) },
    counts: Object.fromEntries(Object.entries(counts).map(([label, column]) => [label, column.slice(1)])),
    metrics: { pretrained: { mrr: metrics['pretrained']!['mrr']!.slice(1) } },
  }),
  'a column of another length': () => ({ metrics: { pretrained: { mrr: [1] } } }),
  'columns named as what objects inherit': () => ({ metrics: { constructor: { toString: 'x' } } }),
  'no columns': () => ({ ids: { length: 2 } }),
};

describe('an index that lies', () => {
  it.each(Object.entries(LIES))('with %s is told when it is opened', async (_name, change) => {
    const dir = await stored();
    changeIndex(dir, change);
    await expect(openRankings(dir, 'test')).rejects.toMatchObject(BROKEN);
  });

  it('about the size of one line is told before that is allocated', async () => {
    const dir = await stored();
    const bytes = 3e9;
    changeIndex(dir, () => ({
      ids: ['a'],
      texts: ['a'],
      offsets: [0],
      lengths: [bytes - 1],
      bytes,
      counts: { E: [1], S: [0], C: [0], I: [0] },
      metrics: {},
    }));
    const fd = openSync(runPaths.rankings(dir, 'test'), 'w');
    ftruncateSync(fd, bytes);
    closeSync(fd);
    await expect(openRankings(dir, 'test')).rejects.toMatchObject(BROKEN);
  });

  it('of a gigabyte is not read', async () => {
    const dir = await stored();
    const fd = openSync(runPaths.rankingsIndex(dir, 'test'), 'w');
    ftruncateSync(fd, 2 ** 30);
    closeSync(fd);
    await expect(openRankings(dir, 'test')).rejects.toMatchObject(BROKEN);
  });

  it('about labels is told with the line', async () => {
    const dir = await stored();
    changeIndex(dir, () => ({ counts: { E: [7, 1], S: [0, 0], C: [0, 0], I: [0, 0] } }));
    const rankings = await openRankings(dir, 'test');
    await expect(rankings!.query('a')).rejects.toMatchObject(BROKEN);
    expect(await rankings!.query('b')).toMatchObject({ id: 'b' });
    await rankings!.close();
  });

  it('has no values of names that objects inherit', async () => {
    const rankings = await openRankings(await stored(), 'test');
    for (const name of ['constructor', '__proto__', 'toString']) {
      for (const value of [
        { ranker: name, metric: 'mrr' },
        { ranker: 'pretrained', metric: name },
        { ranker: 'pretrained', metric: 'mrr', base: name },
      ]) {
        const page = rankings!.page({ value, sort: { key: 'value', isDescending: true }, offset: 0, limit: 5 });
        expect(page).toMatchObject({ total: 2, outcomes: { win: 0, tie: 0, loss: 0 } });
      }
    }
    await rankings!.close();
  });
});

describe('lines that change under the reader', () => {
  const CHANGES: Readonly<Record<string, (path: string) => void>> = {
    'are cut': (path) => writeFileSync(path, readFileSync(path).subarray(0, 20)),
    'are zeros': (path) => writeFileSync(path, Buffer.alloc(readFileSync(path).length)),
    'are another query’s': (path) => writeFileSync(path, readFileSync(path, 'utf8').replaceAll('"b"', '"c"')),
    'are gone': (path) => rmSync(path),
    'are a folder': (path) => {
      rmSync(path);
      mkdirSync(path);
    },
  };

  it.each(Object.entries(CHANGES))('and %s are told as damaged, also the second time', async (_name, change) => {
    const dir = await stored();
    const rankings = await openRankings(dir, 'test');
    change(runPaths.rankings(dir, 'test'));
    await expect(rankings!.query('b')).rejects.toMatchObject(BROKEN);
    await expect(rankings!.query('b')).rejects.toMatchObject(BROKEN);
    await rankings!.close();
  });
});

describe('scores of an evaluation', () => {
  it.each([0, 3, 4, 9, 2 ** 32])('in a file of %d bytes instead of 8 are told as damaged, unread', async (nBytes) => {
    const dir = await stored();
    const rankings = await openRankings(dir, 'test');
    mkdirSync(runPaths.devScoresFolder(dir), { recursive: true });
    const fd = openSync(runPaths.devScores(dir, 5), 'w');
    ftruncateSync(fd, nBytes);
    closeSync(fd);
    await expect(readDevScores(dir, 5, rankings!.index)).rejects.toMatchObject(BROKEN);
  });

  it('of counts that no file could hold are told as damaged', async () => {
    const dir = await stored();
    changeIndex(dir, () => ({ counts: { E: [2 ** 53 - 1, 2 ** 53 - 1], S: [0, 0], C: [0, 0], I: [0, 0] } }));
    const rankings = await openRankings(dir, 'test');
    mkdirSync(runPaths.devScoresFolder(dir), { recursive: true });
    writeFileSync(runPaths.devScores(dir, 5), Buffer.alloc(8));
    await expect(readDevScores(dir, 5, rankings!.index)).rejects.toMatchObject(BROKEN);
  });
});
