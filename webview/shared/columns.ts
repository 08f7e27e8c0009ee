import type { ColumnsChange } from '../../src/protocol/panels/run-updates.ts';

/** Growing float64 columns of equal length: appending is amortised, reading is a view. */
export interface GrowingColumns<K extends string> {
  readonly length: number;
  /** A view of the filled part; valid, and the same object, until the next change. */
  column(name: K): Float64Array;
  apply(change: ColumnsChange<K>): void;
}

/** Empty columns. */
export function growingColumns<K extends string>(names: readonly K[]): GrowingColumns<K> {
  let length = 0;
  let capacity = 1024;
  const buffers = new Map(names.map((name) => [name, new Float64Array(capacity)]));
  const views = new Map<K, Float64Array>();

  function reserve(needed: number): void {
    if (needed <= capacity) return;
    while (capacity < needed) capacity *= 2;
    for (const [name, old] of buffers) {
      const grown = new Float64Array(capacity);
      grown.set(old.subarray(0, length));
      buffers.set(name, grown);
    }
  }

  return {
    get length() {
      return length;
    },
    column(name) {
      const view = views.get(name) ?? buffers.get(name)!.subarray(0, length);
      views.set(name, view);
      return view;
    },
    apply({ keep, rows }) {
      views.clear();
      length = Math.min(length, keep);
      const nNew = rows[names[0]!].length;
      reserve(length + nNew);
      for (const name of names) buffers.get(name)!.set(rows[name], length);
      length += nNew;
    },
  };
}
