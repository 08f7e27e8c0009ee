/**
 * Stored rankings of a split: `{split}.jsonl` has a line a query, `{split}.index.json` columns over all queries with the
 * byte range of each line, so that lists sort and filter without the lines and one query is one small read.
 */
import {
  count,
  finite,
  isObject,
  list,
  mapOf,
  nonEmptyText,
  object,
  oneOf,
  orNull,
  recordOf,
  text,
} from '../vocabulary/check.ts';
import type { Check, Checked } from '../vocabulary/check.ts';
import { LABELS } from '../vocabulary/label.ts';
import type { Label } from '../vocabulary/label.ts';

/** Version of both files. */
export const RANKINGS_VERSION = 1;

/** A judged product of a stored query. */
export interface RankedProduct {
  readonly id: string;
  readonly title: string;
  readonly label: Label;
}

/** One line of `{split}.jsonl`. */
export interface RankedQuery {
  readonly id: string;
  readonly text: string;
  /** In the data's order. */
  readonly products: readonly RankedProduct[];
  /** Scores by ranker in the order of `products`; float32 values exactly. Empty in `dev.jsonl`, whose scores are `*.f32`. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

/** Metric values by ranker and metric, a row per query; null where the metric leaves the query out. */
export type MetricColumns = Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>>;

/** The content of `{split}.index.json`; all columns have a row per query, in the order of the lines. */
export interface RankingsIndex {
  readonly version: number;
  /** Size of `{split}.jsonl`: tells an index that belongs to another file. */
  readonly bytes: number;
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  /** Byte offset of the query's line. */
  readonly offsets: readonly number[];
  /** Bytes of the query's line without its end. */
  readonly lengths: readonly number[];
  /** Judged products by label. */
  readonly counts: Readonly<Record<Label, readonly number[]>>;
  readonly metrics: MetricColumns;
}

const indexCheck: Check<RankingsIndex> = object({
  version: count,
  bytes: count,
  ids: list(text),
  texts: list(text),
  offsets: list(count),
  lengths: list(count),
  counts: recordOf(LABELS, list(count)),
  metrics: mapOf(mapOf(list(orNull(finite)))),
});

const queryCheck: Check<RankedQuery> = object({
  id: text,
  text,
  products: list(object({ id: nonEmptyText, title: text, label: oneOf(LABELS) })),
  scores: mapOf(list(finite)),
});

/** Checks the content of an index, parsed: the types of all columns, and that they are equally long. */
export function checkRankingsIndex(value: unknown): Checked<RankingsIndex> {
  const wrongs = indexCheck(value, '');
  if (wrongs.length > 0) return { ok: false, wrongs: wrongs.slice(0, 3) };
  const index = value as RankingsIndex;
  const columns: [string, readonly unknown[]][] = [
    ['texts', index.texts],
    ['offsets', index.offsets],
    ['lengths', index.lengths],
    ...LABELS.map((label): [string, readonly unknown[]] => [`counts.${label}`, index.counts[label]]),
    ...Object.entries(index.metrics).flatMap(([ranker, byMetric]) =>
      Object.entries(byMetric).map(([metric, column]): [string, readonly unknown[]] => [`${ranker}.${metric}`, column]),
    ),
  ];
  const uneven = columns.find(([, column]) => column.length !== index.ids.length);
  if (uneven === undefined) return { ok: true, value: index };
  const expected = `${index.ids.length} rows, as ids has`;
  return { ok: false, wrongs: [{ path: uneven[0], found: `${uneven[1].length} rows`, expected }] };
}

/** Checks one line of a `{split}.jsonl`, parsed: types, and a score per product and ranker. */
export function checkRankedQuery(value: unknown): Checked<RankedQuery> {
  const wrongs = queryCheck(value, '');
  if (wrongs.length > 0 || !isObject(value)) return { ok: false, wrongs };
  const query = value as unknown as RankedQuery;
  const uneven = Object.entries(query.scores).find(([, scores]) => scores.length !== query.products.length);
  if (uneven === undefined) return { ok: true, value: query };
  const expected = `${query.products.length}, one per product`;
  return { ok: false, wrongs: [{ path: `scores.${uneven[0]}`, found: `${uneven[1].length} scores`, expected }] };
}
