/** Curves made small enough to draw and calm enough to read: pure functions over typed columns. */

/**
 * Exponential moving average with the start's bias removed (Kingma & Ba 2015, §3): the first value is the first input.
 * `weight` 0 gives the input, towards 1 ever smoother. NaN stays NaN and does not enter the average.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const result = new Float64Array(values.length);
  let average = 0;
  let remaining = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) {
      result[i] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    remaining *= weight;
    result[i] = average / (1 - remaining);
  }
  return result;
}

/** First index whose x is at least `value`; x ascends. */
export function lowerBound(x: Float64Array, value: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A curve: x ascending, of the same length as y. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The part of a curve inside a range, with one point on either side so that the line reaches the edges, in at most about
 * `4 · nBuckets` points: of each stretch of x its first, lowest, highest and last, which paints the same pixels as all
 * points do (M4, Jugel et al. 2014).
 */
export function decimate({ x, y }: Curve, range: readonly [number, number], nBuckets: number): Curve {
  const from = Math.max(0, lowerBound(x, range[0]) - 1);
  const to = Math.min(x.length, lowerBound(x, range[1]) + 1);
  if (to - from <= 4 * nBuckets) return { x: x.subarray(from, to), y: y.subarray(from, to) };
  const width = (range[1] - range[0]) / nBuckets || 1;
  const kept: number[] = [];
  let i = from;
  while (i < to) {
    const bucket = Math.floor((x[i]! - range[0]) / width);
    const first = i;
    let low = i;
    let high = i;
    while (i < to && Math.floor((x[i]! - range[0]) / width) === bucket) {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
      i++;
    }
    kept.push(...[...new Set([first, low, high, i - 1])].sort((a, b) => a - b));
  }
  return { x: Float64Array.from(kept, (k) => x[k]!), y: Float64Array.from(kept, (k) => y[k]!) };
}

/** The y of each curve at an x: that of the last point at or before it; undefined before the first point. */
export function valueAt({ x, y }: Curve, at: number): number | undefined {
  let i = lowerBound(x, at);
  if (x[i] !== at) i--;
  return y[i];
}

/** Maps times to another x by linear interpolation over ascending times; NaN outside of them. */
export function interpolate(times: Float64Array, values: Float64Array, at: Float64Array): Float64Array {
  return at.map((t) => {
    const i = lowerBound(times, t);
    if (i >= times.length || (i === 0 && times[0] !== t)) return NaN;
    if (times[i] === t) return values[i]!;
    const share = (t - times[i - 1]!) / (times[i]! - times[i - 1]!);
    return values[i - 1]! + share * (values[i]! - values[i - 1]!);
  });
}
