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
import type { Checked, Infer } from '../vocabulary/check.ts';
import { LABELS } from '../vocabulary/label.ts';

/** Version of both files. */
export const RANKINGS_VERSION = 1;

const rankedProductCheck = object({ id: nonEmptyText, title: text, label: oneOf(LABELS) });

/** A judged product of a stored query. */
export type RankedProduct = Infer<typeof rankedProductCheck>;

const rankedQueryCheck = object({
  id: text,
  text,
  /** In the data's order. */
  products: list(rankedProductCheck),
  /** Scores by ranker in the order of `products`; float32 values exactly. Empty in `dev.jsonl`, whose scores are `*.f32`. */
  scores: mapOf(list(finite)),
});

/** One line of `{split}.jsonl`. */
export type RankedQuery = Infer<typeof rankedQueryCheck>;

const metricColumnsCheck = mapOf(mapOf(list(orNull(finite))));

/** Metric values by ranker and metric, a row per query; null where the metric leaves the query out. */
export type MetricColumns = Infer<typeof metricColumnsCheck>;

const rankingsIndexCheck = object({
  version: count,
  /** Size of `{split}.jsonl`: tells an index that belongs to another file. */
  bytes: count,
  ids: list(text),
  texts: list(text),
  /** Byte offset of the query's line. */
  offsets: list(count),
  /** Bytes of the query's line without its end. */
  lengths: list(count),
  /** Judged products by label. */
  counts: recordOf(LABELS, list(count)),
  metrics: metricColumnsCheck,
});

/** The content of `{split}.index.json`; all columns have a row per query, in the order of the lines. */
export type RankingsIndex = Infer<typeof rankingsIndexCheck>;

/** Checks the content of an index, parsed: the types of all columns, and that they are equally long. */
export function checkRankingsIndex(value: unknown): Checked<RankingsIndex> {
  const wrongs = rankingsIndexCheck(value, '');
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
  const wrongs = rankedQueryCheck(value, '');
  if (wrongs.length > 0 || !isObject(value)) return { ok: false, wrongs };
  const query = value as unknown as RankedQuery;
  const uneven = Object.entries(query.scores).find(([, scores]) => scores.length !== query.products.length);
  if (uneven === undefined) return { ok: true, value: query };
  const expected = `${query.products.length}, one per product`;
  return { ok: false, wrongs: [{ path: `scores.${uneven[0]}`, found: `${uneven[1].length} scores`, expected }] };
}
