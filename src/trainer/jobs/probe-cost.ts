/** From a few timed batches to the time of all planned ones. */

/** A measurement: x is a size (tokens of a batch, tokens of a sequence), y a time. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The line through measured points: straight between neighbours, level below the smallest x and, beyond the largest, growing in proportion.
 * Points of the same x are averaged. Expects one point at least.
 */
export function throughPoints(points: readonly Point[]): (x: number) => number {
  const byX = new Map<number, number[]>();
  for (const { x, y } of points) byX.set(x, [...(byX.get(x) ?? []), y]);
  const line = [...byX]
    .map(([x, ys]) => ({ x, y: ys.reduce((sum, y) => sum + y, 0) / ys.length }))
    .sort((a, b) => a.x - b.x);
  return (x) => {
    const after = line.findIndex((point) => point.x >= x);
    const [first, last] = [line[0]!, line.at(-1)!];
    if (after === -1) return last.y * (x / last.x);
    if (after === 0) return first.y;
    const [from, to] = [line[after - 1]!, line[after]!];
    return from.y + ((x - from.x) / (to.x - from.x)) * (to.y - from.y);
  };
}

/** Indices of a few items that span the sizes: the median, the largest, then the quartiles; each once. */
export function spread(sizes: readonly number[]): number[] {
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[a]! - sizes[b]!);
  const at = (share: number): number => order[Math.round(share * (order.length - 1))]!;
  return order.length === 0 ? [] : [...new Set([at(0.5), at(1), at(0.25), at(0.75), at(0)])];
}

/** The value below which the share of the values lies (nearest rank); 0 without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
