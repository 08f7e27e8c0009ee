/**
 * Run-time checks as data: small functions from a value and its path to what is wrong with it. A check carries the type of what it
 * accepts, so that a message is written once, as its check: `type Step = Infer<typeof stepCheck>`.
 */

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

declare const accepted: unique symbol;

/** Gives all that is wrong with a value; nothing when it is a `T`. */
export interface Check<T = unknown> {
  (value: unknown, path: string): readonly Wrong[];
  /** For the compiler alone; no check has it. */
  readonly [accepted]?: T;
}

/** What a check accepts. */
export type Infer<C extends Check> = C extends Check<infer T> ? T : never;

/** A check that also accepts an absent field. */
export interface OptionalCheck<T> extends Check<T> {
  readonly isOptional: true;
}

/** A check of one text, by which a union tells its objects apart. */
export interface LiteralCheck<T extends string> extends Check<T> {
  readonly literal: T;
}

/** A check for each field of an object. */
export type Fields = Readonly<Record<string, Check>>;

/** The object that fields describe, with their docstrings. */
type ObjectOf<F extends Fields> = Flat<
  { readonly [K in keyof F as F[K] extends OptionalCheck<unknown> ? never : K]: Infer<F[K]> } & {
    readonly [K in keyof F as F[K] extends OptionalCheck<unknown> ? K : never]?: Infer<F[K]>;
  }
>;

/** One object type of an intersection, as messages of the compiler and hovers show it. */
type Flat<T> = { [K in keyof T]: T[K] } & {};

/** A check of an object, which tells its fields. */
export interface ObjectCheck<F extends Fields> extends Check<ObjectOf<F>> {
  readonly fields: F;
}

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
function is<T>(test: (value: unknown) => boolean, expected: string): Check<T> {
  return (value, path) => (test(value) ? RIGHT : [{ path, found: describe(value), expected }]);
}

export const text = is<string>((v) => typeof v === 'string', 'a text');
export const nonEmptyText = is<string>((v) => typeof v === 'string' && v !== '', 'a non-empty text');
export const flag = is<boolean>((v) => typeof v === 'boolean', 'true or false');
export const finite = is<number>((v) => Number.isFinite(v), 'a finite number');
export const count = is<number>((v) => Number.isSafeInteger(v) && (v as number) >= 0, 'a whole number ≥ 0');
/** A time in milliseconds since 1970 that a `Date` can hold (ECMA-262, time values). */
export const time = is<number>(
  (v) => Number.isFinite(v) && Math.abs(v as number) <= 8.64e15,
  'a time in milliseconds since 1970',
);
export const amount = is<number>((v) => Number.isFinite(v) && (v as number) >= 0, 'a number ≥ 0');

/** One of the given texts. */
export function oneOf<const T extends string>(values: readonly T[]): Check<T> {
  const names: readonly string[] = values;
  return is((v) => typeof v === 'string' && names.includes(v), `one of ${values.join(', ')}`);
}

/** One text. */
export function literal<const T extends string>(value: T): LiteralCheck<T> {
  return Object.assign(
    is<T>((v) => v === value, JSON.stringify(value)),
    { literal: value },
  );
}

/** What `check` accepts, or null. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null ? RIGHT : check(value, path));
}

/** What `check` accepts, or undefined in a field that is always there; a channel may drop it then. */
export function orUndefined<T>(check: Check<T>): Check<T | undefined> {
  return (value, path) => (value === undefined ? RIGHT : check(value, path));
}

/** What `check` accepts, or an absent field. */
export function optional<T>(check: Check<T>): OptionalCheck<T> {
  const accepts: Check<T> = (value, path) => (value === undefined ? RIGHT : check(value, path));
  return Object.assign(accepts, { isOptional: true as const });
}

/** A list of which every item passes `item`; with `length`, of exactly that many items. */
export function list<T>(item: Check<T>): Check<readonly T[]>;
export function list<T>(item: Check<T>, length: 2): Check<readonly [T, T]>;
export function list(item: Check, length?: number): Check<never> {
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
export function mapOf<T>(item: Check<T>): Check<Readonly<Record<string, T>>> {
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
export function object<const F extends Fields>(fields: F): ObjectCheck<F> {
  const entries = Object.entries(fields);
  const check: Check<ObjectOf<F>> = (value, path) => {
    if (!isObject(value)) return [{ path, found: describe(value), expected: 'an object' }];
    return entries.flatMap(([key, field]) => field(value[key], join(path, key)));
  };
  return Object.assign(check, { fields });
}

/** An object with a field for each of the keys, all of which `item` accepts. */
export function recordOf<const K extends string, T>(keys: readonly K[], item: Check<T>): Check<Readonly<Record<K, T>>> {
  const check: Check = object(Object.fromEntries(keys.map((key) => [key, item])));
  return check as Check<Readonly<Record<K, T>>>;
}

/** One of several objects, which the literal in their field `tag` tells apart. */
export function union<Tag extends string, const C extends readonly Tagged<Tag>[]>(
  tag: Tag,
  checks: C,
): Check<Infer<C[number]>> {
  const byLiteral = new Map<string, Check>();
  for (const check of checks) {
    const fields: Readonly<Record<Tag, LiteralCheck<string>>> = check.fields;
    byLiteral.set(fields[tag].literal, check);
  }
  const isOne = oneOf([...byLiteral.keys()]);
  return (value, path) => {
    if (!isObject(value)) return [{ path, found: describe(value), expected: 'an object' }];
    const name = value[tag];
    const check = typeof name === 'string' ? byLiteral.get(name) : undefined;
    return check === undefined ? isOne(name, join(path, tag)) : check(value, path);
  };
}

/** A check of an object whose field `Tag` is a literal. */
type Tagged<Tag extends string> = Check & { readonly fields: { readonly [K in Tag]: LiteralCheck<string> } };

/** Whether a value is an object that is not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Levels of lists and objects that a value may have: ours have six, and what walks a value by recursion can take these. */
const MAX_DEPTH = 32;

/**
 * A value from outside as what a check accepts, or all that is wrong with it. What is nested too deep is refused, in fields that nobody
 * knows either: a value that is kept is written and sent on whole.
 */
export function checked<T>(check: Check<T>, value: unknown): Checked<T> {
  const wrongs = check(value, '');
  const all = wrongs.length === 0 ? shallow(value, '') : wrongs;
  return all.length === 0 ? { ok: true, value: value as T } : { ok: false, wrongs: all };
}

const shallow: Check = (value, path) =>
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
