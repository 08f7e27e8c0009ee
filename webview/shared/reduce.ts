/** Curves made small enough to draw and calm enough to read: pure functions over typed columns. */

/**
 * Exponential moving average with the start's bias removed (Kingma & Ba 2015, §3): the first value is the first input.
 * `weight` 0 gives the input, towards 1 ever smoother. NaN stays NaN and does not enter the average.
 */
export function smooth(values: Float64Array, weight: number): Float64Array {
  if (weight <= 0) return values;
  const result = new Float64Array(values.length);
  let average = 0;
  /** Weight of the start in the average; once it is lost in rounding, nothing has to be removed. */
  let remaining = 1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== value) {
      result[i] = NaN;
      continue;
    }
    average = weight * average + (1 - weight) * value;
    if (remaining > Number.EPSILON / 4) {
      remaining *= weight;
      result[i] = average / (1 - remaining);
    } else result[i] = average;
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
export function decimate(curve: Curve, range: readonly [number, number], nBuckets: number): Curve {
  return takeRows(curve, decimatedRows(curve, range, nBuckets));
}

/** The rows that `decimate` keeps, ascending; another curve over the same x can be shown at the same rows. */
export function decimatedRows({ x, y }: Curve, range: readonly [number, number], nBuckets: number): Uint32Array {
  const from = Math.max(0, lowerBound(x, range[0]) - 1);
  const to = Math.min(x.length, lowerBound(x, range[1]) + 1);
  if (to - from <= 4 * nBuckets) return Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const width = (range[1] - range[0]) / nBuckets || 1;
  const rows = new Uint32Array(4 * (Math.ceil(nBuckets) + 3));
  let n = 0;
  let i = from;
  while (i < to) {
    // The bucket's end as an x: a comparison a point instead of a division.
    const end = range[0] + (Math.floor((x[i]! - range[0]) / width) + 1) * width;
    const first = i;
    let low = i;
    let high = i;
    // At least one point a round, also where rounding puts a point onto the end of its own bucket.
    do {
      if (y[i]! < y[low]!) low = i;
      if (y[i]! > y[high]!) high = i;
      i++;
    } while (i < to && x[i]! < end);
    const last = i - 1;
    rows[n++] = first;
    const [a, b] = low < high ? [low, high] : [high, low];
    if (a > first && a < last) rows[n++] = a;
    if (b > a && b > first && b < last) rows[n++] = b;
    if (last > first) rows[n++] = last;
  }
  return rows.subarray(0, n);
}

/** A curve at some of its rows. */
export function takeRows({ x, y }: Curve, rows: Uint32Array): Curve {
  const taken = { x: new Float64Array(rows.length), y: new Float64Array(rows.length) };
  for (let i = 0; i < rows.length; i++) {
    taken.x[i] = x[rows[i]!]!;
    taken.y[i] = y[rows[i]!]!;
  }
  return taken;
}

/** The y of each curve at an x: that of the last point at or before it; undefined before the first point. */
export function valueAt({ x, y }: Curve, at: number): number | undefined {
  let i = lowerBound(x, at);
  if (x[i] !== at) i--;
  return y[i];
}

/** Maps ascending times to another x by linear interpolation over ascending times; NaN outside of them. */
export function interpolate(times: Float64Array, values: Float64Array, at: Float64Array): Float64Array {
  let i = 0;
  return at.map((t) => {
    while (i < times.length && times[i]! < t) i++;
    if (i >= times.length || (i === 0 && times[0] !== t)) return NaN;
    if (times[i] === t) return values[i]!;
    const share = (t - times[i - 1]!) / (times[i]! - times[i - 1]!);
    return values[i - 1]! + share * (values[i]! - values[i - 1]!);
  });
}
