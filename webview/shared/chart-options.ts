/** The parts of uPlot's options that depend on lines and theme. */
import type uPlot from 'uplot';
import type { Line } from './line.ts';
import type { Theme } from './theme.ts';

// uPlot's enums exist in its types only.
const LOG = { distr: 3 } as unknown as uPlot.Scale;
const ON_THE_RIGHT = { side: 1 } as unknown as uPlot.Axis;

/** x, and a scale of y for either side. */
export function chartScales(isLog: boolean, isFromZero: boolean): uPlot.Scales {
  const y: uPlot.Scale = { range: isFromZero ? fromZero : padded };
  return { x: { time: false, auto: false }, left: isLog ? LOG : y, right: y };
}

function fromZero(_plot: uPlot, _min: number | null, max: number | null): uPlot.Range.MinMax {
  return [0, (max ?? 1) * 1.1 || 1];
}

/** A tenth of air above and below; a flat line lies in the middle. */
function padded(_plot: uPlot, min: number | null, max: number | null): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  const air = max > min ? (max - min) * 0.1 : Math.abs(max) * 0.1 || 1;
  const low = min >= 0 ? Math.max(0, min - air) : min - air;
  return [low, max + air];
}

/** Axes in the theme's quiet colours; the right one only when a line uses it. */
export function chartAxes(
  lines: readonly Line[],
  { muted, grid, font }: Theme,
  { format, formatX }: { readonly format: (y: number) => string; readonly formatX: (x: number) => string },
): uPlot.Axis[] {
  const common: uPlot.Axis = {
    stroke: muted,
    font,
    gap: 4,
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  const right = lines.find((line) => line.axis === 'right');
  return [
    { ...common, size: 24, space: 64, grid: { show: false }, values: (_u, ticks) => ticks.map(formatX) },
    { ...common, scale: 'left', size: 56, space: 32, values: (_u, ticks) => ticks.map(labelled(format)) },
    ...(right === undefined
      ? []
      : [
          {
            ...common,
            scale: 'right',
            ...ON_THE_RIGHT,
            size: 56,
            space: 32,
            grid: { show: false },
            values: (_u: uPlot, ticks: number[]) => ticks.map(labelled(right.format)),
          } satisfies uPlot.Axis,
        ]),
  ];
}

/** uPlot gives null for the ticks of a logarithmic axis that are to stay without a label. */
function labelled(format: (value: number) => string): (tick: number | null) => string {
  return (tick) => (tick === null ? '' : format(tick));
}

/** A series for each line, and one behind for its raw curve. */
export function chartSeries(lines: readonly Line[]): uPlot.Series[] {
  return lines.flatMap((line) => {
    const series: uPlot.Series = {
      label: line.label,
      scale: line.axis ?? 'left',
      stroke: line.colour,
      width: line.width,
      spanGaps: true,
      points: { show: line.hasPoints === true, size: 5, fill: line.colour },
      ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
    };
    return line.raw === undefined ? [series] : [series, { ...series, width: 1, alpha: 0.25, points: { show: false } }];
  });
}
