import type { XMode } from '../run/state.ts';

export interface CompareState {
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
  readonly smoothing: number;
  readonly xMode: XMode;
  readonly isLog: boolean;
  readonly zoom: readonly [number, number] | null;
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
  smoothing: 0.6,
  xMode: 'step',
  isLog: false,
  zoom: null,
};
