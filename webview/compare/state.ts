import { DEFAULT_CHART_SETTINGS } from '../shared/chart-settings.ts';
import type { ChartSettings } from '../shared/chart-settings.ts';

export interface CompareState extends ChartSettings {
  readonly runsFolder: string;
  readonly runIds: readonly string[];
  /** null: each run against its own pretrained model. */
  readonly baselineId: string | null;
  /** Whether the person chose; otherwise the workspace's baseline applies. */
  readonly isBaselineChosen: boolean;
  readonly metric: string | null;
  readonly filter: string;
  readonly sort: { readonly column: string; readonly isDescending: boolean };
  readonly hiddenColumns: readonly string[];
  /** Runs whose curves are not drawn. */
  readonly hiddenRuns: readonly string[];
}

export const DEFAULT_COMPARE_STATE: CompareState = {
  runsFolder: '',
  runIds: [],
  baselineId: null,
  isBaselineChosen: false,
  metric: null,
  filter: '',
  sort: { column: 'value', isDescending: true },
  hiddenColumns: [],
  hiddenRuns: [],
  ...DEFAULT_CHART_SETTINGS,
};
