/** The charts of a run as data: which curves each shows, over which x. Pure functions of the model. */
import { significantText } from '../../src/vocabulary/words/number.ts';
import { metricText } from '../../src/vocabulary/words/metric.ts';
import { percent, bytes } from '../shared/format.ts';
import { DASHES } from '../shared/line.ts';
import type { Line } from '../shared/line.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import { interpolate, smooth, takeRows } from '../shared/reduce.ts';
import type { Curve } from '../shared/reduce.ts';
import type { RunSnapshot } from './run-snapshot.ts';
import type { ChartSettings, XMode } from '../shared/chart-settings.ts';
import { ownOf } from '../../src/vocabulary/own.ts';

type Settings = Pick<ChartSettings, 'smoothing' | 'xMode'>;
type Lines = (model: RunSnapshot, settings: Settings, colours: readonly string[]) => Line[];

export interface RunChart {
  readonly id: string;
  readonly title: string;
  readonly whenEmpty: (model: RunSnapshot) => string;
  readonly format: (value: number) => string;
  /** Whether the switch for a logarithmic axis applies. */
  readonly canBeLog: boolean;
  readonly isFromZero?: boolean;
  readonly lines: Lines;
}

/** Most metrics one chart can show and still be read. */
const MAX_METRICS = 6;

const perSecond = (value: number): string => significantText(Number(value.toPrecision(3)));

const whenStepsCome = (): string => 'Appears with the first training step.';

function whenEvaluated({ facts }: RunSnapshot): string {
  const every = facts?.started?.evalSteps;
  if (every === undefined || every === 0) return 'Appears with the first evaluation on the dev queries.';
  return `Appears with the first evaluation on the dev queries, at step ${every}.`;
}

/** All charts in reading order. */
export const RUN_CHARTS: readonly RunChart[] = [
  {
    id: 'loss',
    title: 'Loss',
    whenEmpty: whenStepsCome,
    format: significantText,
    canBeLog: true,
    lines: (model, settings, [blue, orange]) => [
      stepLine(model, settings, 'train', blue!, model.steps.column('loss'), significantText),
      {
        id: 'dev',
        label: 'dev',
        curve: evaluationCurve(model, settings.xMode, (i) => model.evaluations[i]!.loss),
        colour: orange!,
        width: 2.5,
        hasPoints: true,
        format: significantText,
      },
    ],
  },
  {
    id: 'ranking',
    title: 'Ranking on dev',
    whenEmpty: whenEvaluated,
    // Of the axis: its ticks are round.
    format: (value) => value.toFixed(3),
    canBeLog: false,
    lines: (model, { xMode }, colours) =>
      metricsOf(model).map((name, i) => ({
        id: name,
        label: metricLabel(name),
        curve: evaluationCurve(model, xMode, (row) => ownOf(model.evaluations[row]!.metrics, name) ?? NaN),
        colour: colours[i % colours.length]!,
        ...dashOf(i),
        width: i === 0 ? 2.5 : 1.5,
        hasPoints: true,
        format: metricText,
      })),
  },
  {
    id: 'lr',
    title: 'Learning rate',
    whenEmpty: whenStepsCome,
    format: significantText,
    canBeLog: true,
    lines: (model, { xMode }, [blue]) => [
      stepLine(model, { xMode, smoothing: 0 }, 'rate', blue!, model.steps.column('lr'), significantText, 1.5),
    ],
  },
  {
    id: 'gradNorm',
    title: 'Gradient norm',
    whenEmpty: whenStepsCome,
    format: significantText,
    canBeLog: true,
    lines: (model, settings, [blue]) => [
      stepLine(model, settings, 'L2 before clipping', blue!, model.steps.column('gradNorm'), significantText),
    ],
  },
  {
    id: 'speed',
    title: 'Speed',
    whenEmpty: whenStepsCome,
    format: perSecond,
    canBeLog: false,
    isFromZero: true,
    lines: (model, settings, [blue]) => [
      stepLine(model, settings, 'pairs/s', blue!, model.steps.column('pairsPerSecond'), perSecond),
    ],
  },
  {
    id: 'machine',
    title: 'Machine',
    whenEmpty: () => 'Appears a second after the trainer starts.',
    format: percent,
    canBeLog: false,
    isFromZero: true,
    lines: (model, { xMode }, colours) => {
      const x = systemX(model, xMode);
      return MACHINE_LINES.flatMap(({ column, label, colour, ...look }) => {
        const curve = knownPart({ x, y: model.system.column(column) });
        if (curve.x.length === 0 && column.startsWith('gpu')) return [];
        return [{ id: column, label, curve, colour: colours[colour]!, width: 1.5, ...look }];
      });
    },
  },
];

/** How each column of the machine's samples is drawn: shares on the left, amounts on the right. */
const MACHINE_LINES = [
  { column: 'cpu', label: 'cpu', colour: 0, format: percent },
  { column: 'rss', label: 'memory', colour: 1, format: bytes, dash: DASHES[1]!, axis: 'right' },
  { column: 'gpu', label: 'GPU', colour: 2, format: percent },
  { column: 'gpuMemory', label: 'GPU memory', colour: 3, format: bytes, dash: DASHES[2]!, axis: 'right' },
] as const;

/** A curve without the points that x or y do not know. */
function knownPart({ x, y }: Curve): Curve {
  const isKnown = (row: number) => !Number.isNaN(x[row]) && !Number.isNaN(y[row]);
  let nKnown = 0;
  for (let row = 0; row < x.length; row++) if (isKnown(row)) nKnown++;
  if (nKnown === x.length) return { x, y };
  const rows = new Uint32Array(nKnown);
  for (let row = 0, n = 0; row < x.length; row++) if (isKnown(row)) rows[n++] = row;
  return takeRows({ x, y }, rows);
}

/** The metrics of the dev evaluations, the headline first. */
export function metricsOf({ evaluations, facts }: RunSnapshot): string[] {
  const names = Object.keys(evaluations[0]?.metrics ?? {});
  const headline = facts?.started?.headline;
  const isFirst = (name: string) => Number(name !== headline);
  return names.sort((a, b) => isFirst(a) - isFirst(b)).slice(0, MAX_METRICS);
}

function stepLine(
  model: RunSnapshot,
  { xMode, smoothing }: Settings,
  label: string,
  colour: string,
  y: Float64Array,
  format: (value: number) => string,
  width = 1,
): Line {
  const x = stepX(model, xMode);
  const curve = { x, y: smooth(y, smoothing) };
  return { id: label, label, curve, ...(smoothing > 0 ? { raw: { x, y } } : {}), colour, width, format };
}

/** Milliseconds since 1970 at which time 0 lies. */
function origin({ facts, steps }: RunSnapshot): number {
  return facts?.started?.t ?? steps.column('t')[0] ?? 0;
}

function stepX(model: RunSnapshot, mode: XMode): Float64Array {
  if (mode !== 'time') return model.steps.column(mode);
  const start = origin(model);
  return model.steps.column('t').map((t) => (t - start) / 1000);
}

function evaluationCurve(model: RunSnapshot, mode: XMode, y: (row: number) => number): Curve {
  const start = origin(model);
  const x = { step: 'step', epoch: 'epoch', time: 't' } as const;
  const xs = model.evaluations.map((e) => (mode === 'time' ? (e.t - start) / 1000 : e[x[mode]]));
  return { x: Float64Array.from(xs), y: Float64Array.from(xs, (_, row) => y(row)) };
}

/** x of the samples of the machine; NaN where no step gives one. */
function systemX(model: RunSnapshot, mode: XMode): Float64Array {
  const t = model.system.column('t');
  const start = origin(model);
  if (mode === 'time') return t.map((at) => (at - start) / 1000);
  return interpolate(model.steps.column('t'), model.steps.column(mode), t);
}

function dashOf(i: number): { readonly dash?: readonly number[] } {
  const dash = DASHES[i % DASHES.length];
  return dash === undefined ? {} : { dash };
}
