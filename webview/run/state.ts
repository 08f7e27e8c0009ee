import { DEFAULT_CHART_SETTINGS } from '../shared/chart-settings.ts';
import type { ChartSettings } from '../shared/chart-settings.ts';
import type { QueryOutcome, QuerySortKey } from '../../src/protocol/panels/queries.ts';

/** A column of the query table by which it can be sorted. */
export type QueryColumn = Exclude<QuerySortKey, 'value'> | 'base' | 'ranker' | 'delta';

/** What the panel remembers while it is hidden and across reloads. */
export interface RunPanelState extends ChartSettings {
  /** The run folder; given by the host, and what it opens after a reload. */
  readonly runDir: string;
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
  ...DEFAULT_CHART_SETTINGS,
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
