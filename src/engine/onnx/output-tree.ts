import type { DType, ArrayOf } from '../../graph/dtype.ts';
import type { AnyValue, Value } from '../../graph/graph.ts';

/** Values of a graph in any nesting of objects, lists and maps. */
export type OutputTree =
  AnyValue | readonly OutputTree[] | ReadonlyMap<string, OutputTree> | { readonly [name: string]: OutputTree };

/** The same nesting with the elements of each value. */
export type Results<T> =
  T extends Value<infer D extends DType>
    ? ArrayOf<D>
    : T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<K, Results<V>>
      : { readonly [K in keyof T]: Results<T[K]> };

/** Parts of that nesting. */
export type PartialResults<T> =
  T extends Value<infer D extends DType>
    ? ArrayOf<D>
    : T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<K, PartialResults<V>>
      : { readonly [K in keyof T]?: PartialResults<T[K]> };

function isValue(tree: OutputTree): tree is AnyValue {
  return 'graph' in tree && 'dtype' in tree;
}

/** The values of a nesting, each under its path. */
export function valuesOf(tree: OutputTree, path = 'out'): Record<string, AnyValue> {
  if (isValue(tree)) return { [path]: tree };
  return Object.fromEntries(
    childrenOf(tree).flatMap(([key, child]) => Object.entries(valuesOf(child, joined(path, key)))),
  );
}

/** The nesting of `tree` (`Results` of it) with what stands for each value under its path. */
export function withResults(tree: OutputTree, results: Readonly<Record<string, unknown>>, path = 'out'): unknown {
  if (isValue(tree)) return results[path];
  const entries = childrenOf(tree).map(
    ([key, child]) => [key, withResults(child, results, joined(path, key))] as const,
  );
  if (tree instanceof Map) return new Map(entries);
  return Array.isArray(tree) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

/** Arrays of a nesting of arrays, each under its path. */
export function arraysOf(tree: unknown, path = 'out'): Record<string, Float32Array> {
  if (tree === undefined) return {};
  if (tree instanceof Float32Array) return { [path]: tree };
  const children = tree instanceof Map ? [...(tree as ReadonlyMap<string, unknown>)] : Object.entries(tree as object);
  return Object.fromEntries(
    children.flatMap(([key, child]: [string, unknown]) => Object.entries(arraysOf(child, joined(path, key)))),
  );
}

function childrenOf(tree: Exclude<OutputTree, AnyValue>): [string, OutputTree][] {
  return tree instanceof Map
    ? [...(tree as ReadonlyMap<string, OutputTree>)]
    : Object.entries(tree as Readonly<Record<string, OutputTree>>);
}

const joined = (path: string, key: string): string => `${path}/${key}`;
