/** A dimension: a size, or the name of a size that only a batch knows (`batch`, `tokens`, `rows`). */
export type Dim = number | string;

/** Dimensions from the outermost to the innermost; `[]` is a scalar. */
export type Shape = readonly Dim[];

/** Sizes of the symbols for one batch. */
export type Binding = Readonly<Record<string, number>>;

/** The shape as text, for example `[rows, 384]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** Whether two shapes are the same for every binding. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/**
 * Shape of an element-wise operation on two operands, by NumPy's rules. Symbols are equal only to themselves.
 * Throws when a pair of dimensions is neither equal nor has a 1.
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x === y || y === 1) return x;
    if (x === 1) return y;
    throw new Error(`cannot broadcast ${formatShape(a)} with ${formatShape(b)}`);
  });
}

/**
 * Axes of `from` that were broadcast to reach `from` starting at `to`: leading axes that `to` lacks and axes where `to`
 * has a 1. Summing over them takes a gradient of shape `from` back to `to`.
 */
export function broadcastAxes(from: Shape, to: Shape): number[] {
  const extra = from.length - to.length;
  return from.flatMap((dim, i) => (i < extra || (to[i - extra] === 1 && dim !== 1) ? [i] : []));
}

/** The shape with every symbol replaced by its size. Throws on a symbol that the binding lacks. */
export function bindShape(shape: Shape, binding: Binding): number[] {
  return shape.map((dim) => {
    if (typeof dim === 'number') return dim;
    const size = binding[dim];
    if (size === undefined)
      throw new Error(`no size for dimension "${dim}"; bound: ${Object.keys(binding).join(', ')}`);
    return size;
  });
}

/** How many symbols a shape has, repeated ones counted each time. */
export function nSymbols(shape: Shape): number {
  return shape.filter((dim) => typeof dim === 'string').length;
}

/** Number of elements of a bound shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
