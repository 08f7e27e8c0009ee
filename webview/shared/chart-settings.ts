/** What a person sets for all charts of a page, and what they share because of it. */
import { useRef } from 'preact/hooks';
import type { ChartGroup } from './chart-content.ts';
import { duration } from './format.ts';
import type { KeptState } from './host.ts';

export const X_MODES = ['step', 'epoch', 'time'] as const;
export type XMode = (typeof X_MODES)[number];

/** Part of the state that a page keeps. */
export interface ChartSettings {
  /** 0…0.99: weight of the exponential moving average. */
  readonly smoothing: number;
  readonly xMode: XMode;
  readonly isLog: boolean;
  /** Range of x that is looked at; null for all. */
  readonly zoom: readonly [number, number] | null;
}

export const DEFAULT_CHART_SETTINGS: ChartSettings = { smoothing: 0.6, xMode: 'step', isLog: false, zoom: null };

const TICK_TEXTS: Readonly<Record<XMode, (x: number) => string>> = {
  step: (x) => (Number.isInteger(x) ? String(x) : ''),
  epoch: (x) => String(Number(x.toFixed(3))),
  time: (x) => duration(x * 1000),
};

/** The settings as they are now, and the group of the charts of the page with that key, which zoom together. */
export function useChartSettings(
  key: string,
  state: KeptState<ChartSettings>,
): { readonly settings: ChartSettings; readonly group: ChartGroup } {
  const { smoothing, xMode, isLog, zoom } = state.fields;
  const group = useRef<ChartGroup>({
    key,
    formatX: (x) => TICK_TEXTS[state.value.xMode](x),
    onZoom: (range) => state.change({ zoom: range ?? null }),
  }).current;
  return {
    settings: { smoothing: smoothing.value, xMode: xMode.value, isLog: isLog.value, zoom: zoom.value },
    group,
  };
}
