/** The charts of a comparison as data: the same curve of every run, each in its run's colour. */
import { ownOf } from '../../src/vocabulary/own.ts';
import type { ComparedCurves, CurveColumn } from '../../src/protocol/panels/compare-data.ts';
import { significantText } from '../../src/vocabulary/words/number.ts';
import { metricText } from '../../src/vocabulary/words/metric.ts';
import type { Line } from '../shared/line.ts';
import { smooth } from '../shared/reduce.ts';
import type { Curve } from '../shared/reduce.ts';
import { runLook } from '../shared/run-look.ts';
import type { CompareState } from './state.ts';

type Settings = Pick<CompareState, 'xMode' | 'smoothing'>;

export interface CompareChart {
  readonly title: (metricName: string) => string;
  readonly canBeLog: boolean;
  readonly isFromZero?: boolean;
  readonly format: (value: number) => string;
  readonly curve: (curves: ComparedCurves, settings: Settings, metricName: string) => Curve;
  readonly hasPoints?: boolean;
}

const X_COLUMN = { step: 'step', epoch: 'epoch', time: 'seconds' } as const;

function ofSteps(column: CurveColumn, isSmoothed: boolean): CompareChart['curve'] {
  return ({ steps }, { xMode, smoothing }) => ({
    x: steps[X_COLUMN[xMode]],
    y: isSmoothed ? smooth(steps[column], smoothing) : steps[column],
  });
}

function ofEvaluations(
  value: (evaluation: ComparedCurves['evaluations'][number], metricName: string) => number,
): CompareChart['curve'] {
  return ({ evaluations }, { xMode }, metricName) => ({
    x: Float64Array.from(evaluations, (e) => e[X_COLUMN[xMode]]),
    y: Float64Array.from(evaluations, (e) => value(e, metricName)),
  });
}

/** All charts in reading order. */
export const COMPARE_CHARTS: readonly CompareChart[] = [
  {
    title: (name) => `${name} on dev`,
    canBeLog: false,
    format: metricText,
    curve: ofEvaluations((e, name) => ownOf(e.metrics, name) ?? NaN),
    hasPoints: true,
  },
  {
    title: () => 'Loss on dev',
    canBeLog: true,
    format: significantText,
    curve: ofEvaluations((e) => e.loss),
    hasPoints: true,
  },
  { title: () => 'Training loss', canBeLog: true, format: significantText, curve: ofSteps('loss', true) },
  { title: () => 'Learning rate', canBeLog: true, format: significantText, curve: ofSteps('lr', false) },
  {
    title: () => 'Speed in pairs/s',
    canBeLog: false,
    isFromZero: true,
    format: (value) => significantText(Number(value.toPrecision(3))),
    curve: ofSteps('pairsPerSecond', true),
  },
];

/** The line of a run in a chart. */
export function lineOf(
  chart: CompareChart,
  curves: ComparedCurves,
  title: string,
  settings: Settings,
  metricName: string,
): Line {
  const hasPoints = chart.hasPoints === true;
  return {
    id: curves.id,
    label: title,
    curve: chart.curve(curves, settings, metricName),
    ...runLook(curves.id),
    width: hasPoints ? 2 : 1.5,
    hasPoints,
    format: chart.format,
  };
}
