import { describe, expect, it } from 'vitest';
import { bm25Scores } from '../../../src/data/bm25.ts';
import type { JudgedQuery, Product } from '../../../src/data/judged-query.ts';

function product(id: string, title: string): Product {
  return { id, title, text: title };
}

function query(text: string, ...products: Product[]): JudgedQuery {
  return { id: text, text, judgements: products.map((judged) => ({ product: judged, label: 'E' })) };
}

const red = product('a', 'Red shoe, red lace');
const blue = product('b', 'blue SHOE');
const hat = product('c', 'straw hat for summer days and nights');
const empty = product('d', '');

describe('BM25', () => {
  it('follows the formula on an example worked by hand', () => {
    const [scores, others] = bm25Scores([query('Red shoe!', red, blue, hat, empty), query('hat', hat, red)]);
    // Four distinct products of 4, 2, 7 and 0 words: mean length 3.25. red: df 1; shoe: df 2; hat: df 1.
    const idf = (df: number) => Math.log(1 + (4 - df + 0.5) / (df + 0.5));
    const tf = (count: number, length: number) => count / (count + 1.2 * (0.25 + (0.75 * length) / 3.25));
    expect(scores![0]).toBeCloseTo(idf(1) * tf(2, 4) + idf(2) * tf(1, 4), 6);
    expect(scores![1]).toBeCloseTo(idf(2) * tf(1, 2), 6);
    expect([...scores!.slice(2)]).toEqual([0, 0]);
    expect(others![0]).toBeCloseTo(idf(1) * tf(1, 7), 6);
    expect(others![1]).toBe(0);
  });

  it('counts a repeated query word as often as it occurs', () => {
    const once = bm25Scores([query('shoe', red, blue)])[0]!;
    const twice = bm25Scores([query('shoe shoe', red, blue)])[0]!;
    expect(twice[0]).toBeCloseTo(2 * once[0]!, 6);
  });

  it('splits words at anything but letters, digits and marks, in any script', () => {
    const products = [product('1', 'Café-Stühle'), product('2', '靴 スニーカー'), product('3', 'ｗｉｄｅ 12v')];
    for (const [index, text] of ['CAFE\u0301', '靴', 'wide'].entries()) {
      const scores = bm25Scores([query(text, ...products)])[0]!;
      expect(scores.map((score) => Number(score > 0))).toEqual(
        Float32Array.from([0, 1, 2], (i) => Number(i === index)),
      );
    }
  });

  it('gives 0 to queries and products without words', () => {
    expect(bm25Scores([query('?!', red), query('', empty)])).toEqual([Float32Array.of(0), Float32Array.of(0)]);
    expect(bm25Scores([])).toEqual([]);
  });
});
