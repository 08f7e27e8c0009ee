/** Stored rankings as panels read them: pages of queries, and one query with its products. */
import {
  count,
  finite,
  flag,
  list,
  mapOf,
  nonEmptyText,
  object,
  oneOf,
  optional,
  orNull,
  recordOf,
  text,
} from '../../vocabulary/check.ts';
import type { Infer } from '../../vocabulary/check.ts';
import { LABELS } from '../../vocabulary/label.ts';

export const OUTCOMES = ['win', 'tie', 'loss'] as const;
export type QueryOutcome = (typeof OUTCOMES)[number];

const SORT_KEYS = ['order', 'text', 'products', 'value'] as const;
export type QuerySortKey = (typeof SORT_KEYS)[number];

const queryValueCheck = object({ metric: nonEmptyText, ranker: nonEmptyText, base: optional(nonEmptyText) });

/** A value of each query: a metric of a ranker, or what a ranker gains on it over a base. */
export type QueryValue = Infer<typeof queryValueCheck>;

export const queryPageRequestCheck = object({
  /** `order`: as in the data. `value` needs `value`; queries without one come last in both directions. */
  sort: object({ key: oneOf(SORT_KEYS), isDescending: flag }),
  /** What a sort by value refers to. */
  value: optional(queryValueCheck),
  /** What outcomes refer to: the ranker wins, ties or loses against the base. */
  delta: optional(queryValueCheck),
  filter: object({ text: optional(text), outcome: optional(oneOf(OUTCOMES)), label: optional(oneOf(LABELS)) }),
  offset: count,
  /** At most 500. */
  limit: count,
});

export type QueryPageRequest = Infer<typeof queryPageRequestCheck>;

const queryRowCheck = object({
  id: text,
  text,
  counts: recordOf(LABELS, finite),
  /** By ranker and metric; null where the metric leaves the query out. */
  metrics: mapOf(mapOf(orNull(finite))),
});

export type QueryRow = Infer<typeof queryRowCheck>;

export const queryPageCheck = object({
  /** Queries that pass the filter. */
  total: count,
  /** Queries that pass the text and label of the filter, by outcome. */
  outcomes: recordOf(OUTCOMES, count),
  rows: list(queryRowCheck),
});

export type QueryPage = Infer<typeof queryPageCheck>;

const panelProductCheck = object({ id: text, title: text, label: oneOf(LABELS) });

export type PanelProduct = Infer<typeof panelProductCheck>;

export const panelRankingCheck = object({
  id: text,
  text,
  products: list(panelProductCheck),
  scores: mapOf(list(finite)),
});

/** One query with its products in the data's order and a score per product and ranker. */
export type PanelRanking = Infer<typeof panelRankingCheck>;

export const rankingsSummaryCheck = object({
  nQueries: count,
  /** Rankers that have metric values. */
  rankers: list(text),
  metrics: list(text),
  /** Gain of each label in the run's experiment. */
  gains: recordOf(LABELS, finite),
});

/** What rankings a run has stored. */
export type RankingsSummary = Infer<typeof rankingsSummaryCheck>;
