import type { Keep } from './keep.ts';

/** Makers and families of processors: all that is kept of a model's name, which is free text of a file. */
const FAMILIES =
  /\b(?:Intel|AMD|Apple|Ampere|Altra|Neoverse|Graviton|Snapdragon|Xeon|Core|Celeron|EPYC|Ryzen|Threadripper|M[1-9])\b/g;

/** Maker and family in the name of a processor. */
export const keepCpu: Keep = (value) => {
  const words = typeof value === 'string' ? (value.match(FAMILIES) ?? []) : [];
  return words.length === 0 ? undefined : [...new Set(words)].slice(0, 4).join(' ');
};
