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
  text,
} from '../../vocabulary/check.ts';
import { LABELS } from '../../vocabulary/label.ts';
import type { Gains, Label } from '../../vocabulary/label.ts';

export const OUTCOMES = ['win', 'tie', 'loss'] as const;
export type QueryOutcome = (typeof OUTCOMES)[number];

const SORT_KEYS = ['order', 'text', 'products', 'value'] as const;
export type QuerySortKey = (typeof SORT_KEYS)[number];

/** A value of each query: a metric of a ranker, or what a ranker gains on it over a base. */
export interface QueryValue {
  readonly metric: string;
  readonly ranker: string;
  readonly base?: string;
}

export interface QueryPageRequest {
  /** `order`: as in the data. `value` needs `value`; queries without one come last in both directions. */
  readonly sort: { readonly key: QuerySortKey; readonly isDescending: boolean };
  /** What a sort by value refers to. */
  readonly value?: QueryValue;
  /** What outcomes refer to: the ranker wins, ties or loses against the base. */
  readonly delta?: QueryValue;
  readonly filter: { readonly text?: string; readonly outcome?: QueryOutcome; readonly label?: Label };
  readonly offset: number;
  /** At most 500. */
  readonly limit: number;
}

export interface QueryRow {
  readonly id: string;
  readonly text: string;
  readonly counts: Readonly<Record<Label, number>>;
  /** By ranker and metric; null where the metric leaves the query out. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

export interface QueryPage {
  /** Queries that pass the filter. */
  readonly total: number;
  /** Queries that pass the text and label of the filter, by outcome. */
  readonly outcomes: Readonly<Record<QueryOutcome, number>>;
  readonly rows: readonly QueryRow[];
}

export interface PanelProduct {
  readonly id: string;
  readonly title: string;
  readonly label: Label;
}

/** One query with its products in the data's order and a score per product and ranker. */
export interface PanelRanking {
  readonly id: string;
  readonly text: string;
  readonly products: readonly PanelProduct[];
  readonly scores: Readonly<Record<string, readonly number[]>>;
}

/** What rankings a run has stored. */
export interface RankingsSummary {
  readonly nQueries: number;
  /** Rankers that have metric values. */
  readonly rankers: readonly string[];
  readonly metrics: readonly string[];
  /** Gain of each label in the run's experiment. */
  readonly gains: Gains;
}

const valueCheck = object<QueryValue>({ metric: nonEmptyText, ranker: nonEmptyText, base: optional(nonEmptyText) });

export const queryPageRequestCheck = object<QueryPageRequest>({
  sort: object<QueryPageRequest['sort']>({ key: oneOf(SORT_KEYS), isDescending: flag }),
  value: optional(valueCheck),
  delta: optional(valueCheck),
  filter: object<QueryPageRequest['filter']>({
    text: optional(text),
    outcome: optional(oneOf(OUTCOMES)),
    label: optional(oneOf(LABELS)),
  }),
  offset: count,
  limit: count,
});

const byLabel = object<Record<Label, number>>({ E: finite, S: finite, C: finite, I: finite });

export const queryPageCheck = object<QueryPage>({
  total: count,
  outcomes: object<QueryPage['outcomes']>({ win: count, tie: count, loss: count }),
  rows: list(object<QueryRow>({ id: text, text, counts: byLabel, metrics: mapOf(mapOf(orNull(finite))) })),
});

export const rankingCheck = object<PanelRanking>({
  id: text,
  text,
  products: list(object<PanelProduct>({ id: text, title: text, label: oneOf(LABELS) })),
  scores: mapOf(list(finite)),
});

export const rankingsSummaryCheck = object<RankingsSummary>({
  nQueries: count,
  rankers: list(text),
  metrics: list(text),
  gains: byLabel,
});
