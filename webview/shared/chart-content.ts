import type { Line } from './line.ts';

/** What a chart shows. */
export interface ChartContent {
  readonly lines: readonly Line[];
  readonly range: readonly [number, number];
  readonly isLog: boolean;
}

/** What charts have in common: they share cursor and zoom. */
export interface ChartGroup {
  /** Key of the shared cursor. */
  readonly key: string;
  readonly formatX: (value: number) => string;
  /** The person chose a range of x, or with undefined, all of it. */
  onZoom(range: readonly [number, number] | undefined): void;
}
