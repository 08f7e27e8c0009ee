/** Sorting and filtering of stored rankings over the columns of their index: pure functions of row numbers. */
import type { Label } from '../vocabulary/label.ts';
import { LABELS } from '../vocabulary/label.ts';
import type { RankingsIndex } from './rankings-format.ts';
import { ownOf } from '../vocabulary/own.ts';

/** A value of each query: a metric of a ranker, or what a ranker gains on it over a base. */
export interface ValueColumn {
  readonly metric: string;
  readonly ranker: string;
  /** With it, the value is the ranker's minus the base's. */
  readonly base?: string;
}

export type SortKey = 'order' | 'text' | 'products' | 'value';

export interface PageRequest {
  /** `order`: as in the data. `value` needs `value`; queries without one come last in both directions. */
  readonly sort?: { readonly key: SortKey; readonly isDescending: boolean };
  /** What `sort` by value and `outcome` refer to. */
  readonly value?: ValueColumn;
  /** What `outcome` refers to, when that is not `value`. */
  readonly delta?: ValueColumn;
  readonly filter?: {
    /** Words that the query's text has to contain, in any order and case. */
    readonly text?: string;
    /** Sign of the value: the ranker wins, ties or loses against the base. */
    readonly outcome?: Outcome;
    /** Only queries with at least one product of this label. */
    readonly label?: Label;
  };
  readonly offset: number;
  readonly limit: number;
}

export type Outcome = 'win' | 'tie' | 'loss';

/** One query of a page. */
export interface PageRow {
  /** Row in the data's order, 0-based; what `query()` takes is `id`. */
  readonly row: number;
  readonly id: string;
  readonly text: string;
  readonly counts: Readonly<Record<Label, number>>;
  /** By ranker and metric. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

export interface RankingsPage {
  /** Queries that pass the filter. */
  readonly total: number;
  /** Queries that pass the filter's text and label, by the sign of the value; all 0 without a value. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly rows: readonly PageRow[];
}

/** The order of rows for a sort and a filter, and the counts beside it. */
export interface Order {
  readonly rows: Uint32Array;
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** The value of each row; NaN where a metric leaves the query out. Undefined when the index has no such column. */
function valuesOf(index: RankingsIndex, column: ValueColumn): Float64Array | undefined {
  const values = ownOf(ownOf(index.metrics, column.ranker), column.metric);
  if (values === undefined) return undefined;
  if (column.base === undefined) return Float64Array.from(values, (v) => v ?? NaN);
  const base = ownOf(ownOf(index.metrics, column.base), column.metric);
  return base && Float64Array.from(values, (v, row) => (v ?? NaN) - (base[row] ?? NaN));
}

/** Rows in the order of a request, whatever its offset and limit. `lowerTexts` are the index's texts in lower case. */
export function orderOf(
  index: RankingsIndex,
  lowerTexts: readonly string[],
  request: Omit<PageRequest, 'offset' | 'limit'>,
): Order {
  const { sort = { key: 'order', isDescending: false }, filter = {} } = request;
  const values = request.value === undefined ? undefined : valuesOf(index, request.value);
  const deltas = request.delta === undefined ? values : valuesOf(index, request.delta);
  const words = (filter.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const outcomes = { win: 0, tie: 0, loss: 0 };
  const kept: number[] = [];
  for (let row = 0; row < index.ids.length; row++) {
    if (!words.every((word) => lowerTexts[row]!.includes(word))) continue;
    if (filter.label !== undefined && index.counts[filter.label][row] === 0) continue;
    const outcome = deltas === undefined ? undefined : outcomeOf(deltas[row]!);
    if (outcome !== undefined) outcomes[outcome]++;
    if (filter.outcome === undefined || filter.outcome === outcome) kept.push(row);
  }
  const rows = Uint32Array.from(kept);
  const compare = comparers[sort.key](index, lowerTexts, values);
  if (compare !== undefined) rows.sort((a, b) => compare(a, b, sort.isDescending ? -1 : 1) || a - b);
  else if (sort.isDescending) rows.reverse();
  return { rows, outcomes };
}

/** Rows of the index as a page shows them. */
export function rowsOf(index: RankingsIndex, rows: Iterable<number>): PageRow[] {
  return Array.from(rows, (row) => ({
    row,
    id: index.ids[row]!,
    text: index.texts[row]!,
    counts: Object.fromEntries(LABELS.map((label) => [label, index.counts[label][row]!])) as Record<Label, number>,
    metrics: mapValues(index.metrics, (byMetric) => mapValues(byMetric, (column) => column[row]!)),
  }));
}

/** Compares two rows; `sign` is −1 for descending. */
type Compare = (a: number, b: number, sign: 1 | -1) => number;

const collator = new Intl.Collator('en', { numeric: true });

/** How each key compares; undefined for the order of the data. */
const comparers: Readonly<
  Record<
    SortKey,
    (index: RankingsIndex, lowerTexts: readonly string[], values: Float64Array | undefined) => Compare | undefined
  >
> = {
  order: () => undefined,
  text: (_index, texts) => {
    const rank = ranksOf(texts);
    return (a, b, sign) => sign * (rank[a]! - rank[b]!);
  },
  products: (index) => {
    const total = (row: number) => LABELS.reduce((sum, label) => sum + index.counts[label][row]!, 0);
    return (a, b, sign) => sign * (total(a) - total(b));
  },
  value: (_index, _texts, values) => values && ((a, b, sign) => compareNumbers(values[a]!, values[b]!, sign)),
};

/** Absent values (NaN) come last in both directions. */
function compareNumbers(a: number, b: number, sign: 1 | -1): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return sign * (a - b);
}

/** Rank of each text among all; equal texts have equal ranks. Each text is compared once per sort, not once per page. */
function ranksOf(texts: readonly string[]): Uint32Array {
  const sorted = [...new Set(texts)].sort(collator.compare);
  const rankOf = new Map(sorted.map((text, rank) => [text, rank]));
  return Uint32Array.from(texts, (text) => rankOf.get(text)!);
}

function outcomeOf(value: number): Outcome | undefined {
  if (Number.isNaN(value)) return undefined;
  if (value === 0) return 'tie';
  return value > 0 ? 'win' : 'loss';
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
