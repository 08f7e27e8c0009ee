import type { QueryOutcome, QuerySortKey } from '../../src/protocol/panels/queries.ts';

export const X_MODES = ['step', 'epoch', 'time'] as const;
export type XMode = (typeof X_MODES)[number];

/** A column of the query table by which it can be sorted. */
export type QueryColumn = Exclude<QuerySortKey, 'value'> | 'base' | 'ranker' | 'delta';

/** What the panel remembers while it is hidden and across reloads. */
export interface RunPanelState {
  /** The run folder; given by the host, and what it opens after a reload. */
  readonly runDir: string;
  /** 0…0.99: weight of the exponential moving average. */
  readonly smoothing: number;
  readonly xMode: XMode;
  readonly isLog: boolean;
  /** Range of x that is looked at; null for all. */
  readonly zoom: readonly [number, number] | null;
  readonly tab: string;
  readonly scrollTop: number;
  readonly queryText: string;
  readonly outcome: QueryOutcome | null;
  readonly sort: { readonly column: QueryColumn; readonly isDescending: boolean };
  /** null for the run's headline metric. */
  readonly metric: string | null;
  readonly base: string | null;
  readonly expanded: readonly string[];
  readonly listTop: number;
  readonly activeQuery: number;
}

export const DEFAULT_STATE: RunPanelState = {
  runDir: '',
  smoothing: 0.6,
  xMode: 'step',
  isLog: false,
  zoom: null,
  tab: 'experiment',
  scrollTop: 0,
  queryText: '',
  outcome: null,
  sort: { column: 'order', isDescending: false },
  metric: null,
  base: null,
  expanded: [],
  listTop: 0,
  activeQuery: 0,
};
