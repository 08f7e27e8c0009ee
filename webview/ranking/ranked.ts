/** Two rankings of one query side by side, as data. Pure functions. */
import { orderByScore } from '../../src/metrics/score-order.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import type { PanelProduct, PanelRanking } from '../../src/protocol/panels/queries.ts';
import type { Gains } from '../../src/vocabulary/label.ts';

export interface RankedItem {
  /** Row of the product in the data. */
  readonly index: number;
  readonly product: PanelProduct;
  /** 1 for the first. */
  readonly rank: number;
  /** Rank in the other ranking. */
  readonly otherRank: number;
  readonly score: number;
  /** What ESCI nDCG would gain by swapping this product with the best one for it below; 0 where nothing better is below. */
  readonly cost: number;
  /** Rank of that better product; undefined when there is none. */
  readonly swapRank: number | undefined;
}

/** The products in the order of a ranker's scores; `other` gives the ranks to compare with. */
export function rankProducts(
  { products, scores }: PanelRanking,
  ranker: string,
  other: string,
  gains: Gains,
): RankedItem[] {
  const own = ownOf(scores, ranker) ?? [];
  const order = orderByScore(own);
  const otherRanks = ranksOf(orderByScore(ownOf(scores, other) ?? own));
  const gainByRank = order.map((index) => gains[products[index]!.label]);
  const ideal = discountedSum([...gainByRank].sort((a, b) => b - a));
  return order.map((index, i) => ({
    index,
    product: products[index]!,
    rank: i + 1,
    otherRank: otherRanks[index]!,
    score: own[index]!,
    ...costliestSwap(gainByRank, i, ideal),
  }));
}

const discount = (i: number): number => 1 / Math.log2(i + 2);

function discountedSum(gains: readonly number[]): number {
  return gains.reduce((sum, gain, i) => sum + gain * discount(i), 0);
}

/** Swapping places i and j adds (g_j − g_i)(d_i − d_j) to the discounted sum. */
function costliestSwap(gains: readonly number[], i: number, ideal: number): Pick<RankedItem, 'cost' | 'swapRank'> {
  let cost = 0;
  let swapRank: number | undefined;
  for (let j = i + 1; j < gains.length && ideal > 0; j++) {
    const gained = ((gains[j]! - gains[i]!) * (discount(i) - discount(j))) / ideal;
    if (gained > cost) [cost, swapRank] = [gained, j + 1];
  }
  return { cost, swapRank };
}

function ranksOf(order: readonly number[]): number[] {
  const ranks: number[] = [];
  order.forEach((index, i) => (ranks[index] = i + 1));
  return ranks;
}

/** Pieces of a text, those that are words of the query marked; a plural's s makes no difference. */
export function markWords(text: string, query: string): { readonly text: string; readonly isMatch: boolean }[] {
  const stem = (word: string) => word.toLowerCase().replace(/(?<=\p{L}{2})s$/u, '');
  const wanted = new Set((query.match(/[\p{L}\p{N}]+/gu) ?? []).map(stem));
  return (text.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}]+/gu) ?? []).map((piece) => ({
    text: piece,
    isMatch: wanted.has(stem(piece)),
  }));
}
