import type { FloatTensor } from './tensor-stream.ts';

/** Parameters of a model by checkpoint name, in checkpoint order. */
export type ParameterSet = ReadonlyMap<string, FloatTensor>;

/** The data arrays by name: what a graph is fed. */
export function parameterFeeds(parameters: ParameterSet): Record<string, Float32Array> {
  return Object.fromEntries([...parameters].map(([name, { data }]) => [name, data]));
}

export function nElements(parameters: ParameterSet): number {
  let n = 0;
  for (const { data } of parameters.values()) n += data.length;
  return n;
}
