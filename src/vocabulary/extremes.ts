/** `Math.max` and `Math.min` of a list of any length: as arguments of a call, some ten thousand numbers overflow the stack. */

/** The largest of the values and `atLeast`; NaN when a value is. */
export function maxOf(values: Iterable<number>, atLeast = -Infinity): number {
  let highest = atLeast;
  for (const value of values) highest = Math.max(highest, value);
  return highest;
}

/** The smallest of the values and `atMost`; NaN when a value is. */
export function minOf(values: Iterable<number>, atMost = Infinity): number {
  let lowest = atMost;
  for (const value of values) lowest = Math.min(lowest, value);
  return lowest;
}
