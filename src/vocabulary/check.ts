/** Run-time checks as data: small functions from a value and its path to what is wrong with it. */

/** One thing that is wrong with a value that crossed a process border. */
export interface Wrong {
  /** Where in the value, for example `best.metrics.ndcg@10`; empty for the value itself. */
  readonly path: string;
  readonly found: string;
  readonly expected: string;
}

/** A value whose shape was checked, or all that is wrong with it. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly wrongs: readonly Wrong[] };

/** Gives all that is wrong with a value; nothing when it is right. */
export type Check = (value: unknown, path: string) => readonly Wrong[];

/** A check that also accepts an absent field. */
export type OptionalCheck = Check & { readonly isOptional: true };

/** A check for each field of `T`; a missing one, or one whose optionality differs, is a compile error. */
export type Fields<T> = {
  readonly [K in keyof T]-?: Partial<Pick<T, K>> extends Pick<T, K> ? OptionalCheck : Check;
};

const RIGHT: readonly Wrong[] = [];

/** What is wrong with a list or a map is looked for until there is more than anyone reads: a sparse list may have 2³² holes. */
const ENOUGH = 20;

/** The value in a few words, for messages. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A check from a predicate and the words for what it accepts. */
function is(test: (value: unknown) => boolean, expected: string): Check {
  return (value, path) => (test(value) ? RIGHT : [{ path, found: describe(value), expected }]);
}

export const text = is((v) => typeof v === 'string', 'a text');
export const nonEmptyText = is((v) => typeof v === 'string' && v !== '', 'a non-empty text');
export const flag = is((v) => typeof v === 'boolean', 'true or false');
export const finite = is((v) => Number.isFinite(v), 'a finite number');
export const count = is((v) => Number.isSafeInteger(v) && (v as number) >= 0, 'a whole number ≥ 0');
/** A time in milliseconds since 1970 that a `Date` can hold (ECMA-262, time values). */
export const time = is(
  (v) => Number.isFinite(v) && Math.abs(v as number) <= 8.64e15,
  'a time in milliseconds since 1970',
);
export const amount = is((v) => Number.isFinite(v) && (v as number) >= 0, 'a number ≥ 0');

/** One of the given texts. */
export function oneOf(values: readonly string[]): Check {
  return is((v) => typeof v === 'string' && values.includes(v), `one of ${values.join(', ')}`);
}

/** What `check` accepts, or null. */
export function orNull(check: Check): Check {
  return (value, path) => (value === null ? RIGHT : check(value, path));
}

/** What `check` accepts, or an absent field. */
export function optional(check: Check): OptionalCheck {
  const accepts: Check = (value, path) => (value === undefined ? RIGHT : check(value, path));
  return Object.assign(accepts, { isOptional: true as const });
}

/** A list of which every item passes `item`; with `length`, of exactly that many items. */
export function list(item: Check, length?: number): Check {
  const expected = length === undefined ? 'a list' : `a list of ${length}`;
  return (value, path) => {
    if (!Array.isArray(value) || (length !== undefined && value.length !== length)) {
      return [{ path, found: describe(value), expected }];
    }
    let wrongs = RIGHT;
    for (let i = 0; i < value.length && wrongs.length < ENOUGH; i++) {
      // The path is made for wrong items only: lists have a hundred thousand items.
      if (item(value[i], '').length > 0) wrongs = wrongs.concat(item(value[i], `${path}[${i}]`));
    }
    return wrongs;
  };
}

/** An object used as a map: every value passes `item`. */
export function mapOf(item: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return [{ path, found: describe(value), expected: 'an object' }];
    let wrongs = RIGHT;
    for (const [key, v] of Object.entries(value)) {
      if (wrongs.length >= ENOUGH) break;
      if (item(v, '').length > 0) wrongs = wrongs.concat(item(v, join(path, key)));
    }
    return wrongs;
  };
}

/** An object with the given fields; fields that it does not know are ignored, so that readers accept additions. */
export function object<T>(fields: Fields<T>): Check {
  return objectWith(fields);
}

/** As `object`, without a type that proves the fields complete. */
export function objectWith(fields: Readonly<Record<string, Check>>): Check {
  const entries = Object.entries(fields);
  return (value, path) => {
    if (!isObject(value)) return [{ path, found: describe(value), expected: 'an object' }];
    return entries.flatMap(([key, check]) => check(value[key], join(path, key)));
  };
}

/** Whether a value is an object that is not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Levels of lists and objects that a value may have: ours have six, and what walks a value by recursion can take these. */
const MAX_DEPTH = 32;

/** Accepts what is not nested too deep, in fields that nobody knows either: a value that is kept is written and sent on whole. */
export const shallow: Check = (value, path) =>
  isDeeper(value, MAX_DEPTH)
    ? [{ path, found: 'a deeper one', expected: `at most ${MAX_DEPTH} levels of lists and objects` }]
    : RIGHT;

function isDeeper(value: unknown, nLevels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (nLevels === 0) return true;
  for (const key in value) if (isDeeper((value as Readonly<Record<string, unknown>>)[key], nLevels - 1)) return true;
  return false;
}

/** All that is wrong as one sentence, for example `step: found "3", expected a whole number ≥ 0; …`. */
export function formatWrongs(wrongs: readonly Wrong[]): string {
  const parts = wrongs.map((w) => `${w.path === '' ? '' : `${w.path}: `}found ${w.found}, expected ${w.expected}`);
  return parts.join('; ');
}

function join(path: string, key: string): string {
  return path === '' ? shortened(key) : `${path}.${shortened(key)}`;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
