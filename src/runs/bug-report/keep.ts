/** What may stand in a problem report, as small functions from a value to what is kept of it. No text of a person or of data gets through any of them. */
import { findMetric } from '../../metrics/metric-table.ts';
import { isObject } from '../../vocabulary/check.ts';
import { parseRunId } from '../layout.ts';

/** What is kept of a value; undefined leaves it out. */
export type Keep = (value: unknown) => unknown;

/** A `Keep` for each field of `T`: a field that nobody decided about is a compile error. */
export type KeepFields<T> = { readonly [K in keyof T]-?: Keep };

export const leaveOut: Keep = () => undefined;
export const keepNumber: Keep = (value) => (value === null || Number.isFinite(value) ? value : undefined);
export const keepFlag: Keep = (value) => (typeof value === 'boolean' ? value : undefined);

/** One of our own words. */
export function keepWord(words: readonly string[]): Keep {
  return (value) => (typeof value === 'string' && words.includes(value) ? value : undefined);
}

/** A version such as `1.30.0` or `v20.11.1`. */
export const keepVersion: Keep = keepShape(/^v?\d{1,5}(?:\.\d{1,5}){1,3}$/);

/** The code of a problem, which the program alone writes: where, what and next quote texts and paths. */
export const keepProblem: Keep = keepFields({ code: keepShape(/^[a-z0-9]{1,24}(?:-[a-z0-9]{1,24}){0,5}$/) });

/** Name of a metric that exists. */
export const keepMetricName: Keep = (value) =>
  typeof value === 'string' && findMetric(value) !== undefined ? value : undefined;

/** Values by the name of a metric. */
export const keepMetrics: Keep = keepMap((name) => keepMetricName(name) !== undefined, keepNumber);

/** A run's id without the experiment's name in it. */
export const keepRunId: Keep = (value) => (typeof value === 'string' ? shortRunId(value) : undefined);

/** `20251126-120000-a1b2c3` of a run's id; `run` for a folder of another name. */
export function shortRunId(id: string): string {
  return parseRunId(id) === undefined ? 'run' : `${id.slice(0, 15)}${id.slice(-7)}`;
}

/** An object's fields, each as its `Keep` says; other fields are left out. */
export function keepFields(fields: Readonly<Record<string, Keep>>): Keep {
  const keeps = new Map(Object.entries(fields));
  return (value) => keepEntries(value, (name) => keeps.get(name));
}

/** An object used as a map: the entries whose key is known, each value as `keep` says. */
export function keepMap(isKnown: (key: string) => boolean, keep: Keep): Keep {
  return (value) => keepEntries(value, (name) => (isKnown(name) ? keep : undefined));
}

function keepEntries(value: unknown, keepOf: (name: string) => Keep | undefined): Record<string, unknown> | undefined {
  if (!isObject(value)) return undefined;
  const kept = Object.entries(value).map(([name, item]): [string, unknown] => [name, keepOf(name)?.(item)]);
  return Object.fromEntries(kept.filter(([, item]) => item !== undefined));
}

/** The items of a short list, null for each that is left out. */
export function keepList(keep: Keep): Keep {
  return (value) => (Array.isArray(value) ? value.slice(0, 100).map((item) => keep(item) ?? null) : undefined);
}

/** A text of exactly this shape, which has to be too narrow for words. */
export function keepShape(shape: RegExp): Keep {
  return (value) => (typeof value === 'string' && shape.test(value) ? value : undefined);
}
