import type { Curve } from './reduce.ts';
import { maxOf, minOf } from '../../src/vocabulary/extremes.ts';

/** A curve with how it is drawn and said. */
export interface Line {
  /** Stable among the lines of a chart. */
  readonly id: string;
  readonly label: string;
  readonly curve: Curve;
  /** The curve before smoothing, drawn faintly behind. */
  readonly raw?: Curve;
  readonly colour: string;
  /** Lengths of dashes and gaps; together with the colour it tells lines apart. */
  readonly dash?: readonly number[];
  readonly width: number;
  /** Whether single points are marked: for curves with few of them. */
  readonly hasPoints?: boolean;
  /** Lines with `right` have their own axis there. */
  readonly axis?: 'left' | 'right';
  readonly format: (value: number) => string;
}

/** The range of x over all lines; undefined without a point. */
export function extentOf(lines: readonly Line[]): [number, number] | undefined {
  const curves = lines.map(({ curve }) => curve).filter(({ x }) => x.length > 0);
  if (curves.length === 0) return undefined;
  return [minOf(curves.map(({ x }) => x[0]!)), maxOf(curves.map(({ x }) => x.at(-1)!))];
}

/** Dash patterns for the lines of a chart, in order; the first is solid. */
export const DASHES: readonly (readonly number[] | undefined)[] = [
  undefined,
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [12, 3],
  [4, 6],
];
