import type { FloatTensor } from './safetensors.ts';

/** Parameters of a model by checkpoint name, in checkpoint order. */
export type ParameterSet = ReadonlyMap<string, FloatTensor>;

/** A copy that shares no memory. */
export function cloneParameters(parameters: ParameterSet): Map<string, FloatTensor> {
  return new Map([...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}

/** The data arrays by name: what a graph is fed. */
export function parameterFeeds(parameters: ParameterSet): Record<string, Float32Array> {
  return Object.fromEntries([...parameters].map(([name, { data }]) => [name, data]));
}

export function nElements(parameters: ParameterSet): number {
  let n = 0;
  for (const { data } of parameters.values()) n += data.length;
  return n;
}
