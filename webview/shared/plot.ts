import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ChartContent, ChartGroup } from './chart-content.ts';
import { chartAxes, chartScales, chartSeries } from './chart-options.ts';
import type { Line } from './line.ts';
import { decimatedRows, lowerBound, takeRows } from './reduce.ts';
import type { Curve } from './reduce.ts';
import type { Theme } from './theme.ts';

export interface PlotOptions {
  readonly format: (value: number) => string;
  /** Whether y begins at 0: for amounts, whose height is their meaning. */
  readonly isFromZero: boolean;
  readonly group: ChartGroup;
  /** Hears where the cursor is; undefined where there is none. */
  readonly onCursor: (x: number | undefined) => void;
}

/** Lines over one x, drawn by uPlot on a canvas. */
export interface Plot {
  /** Draws at once, or, where the plot is out of view, when it comes into view. */
  draw(content: ChartContent, theme: Theme): void;
  /** Moves the cursor by a number of points; gives the x where it is then. */
  moveCursor(nPoints: number): number | undefined;
  dispose(): void;
}

/** Points a pixel column can show are first, low, high, last. */
const PIXELS_PER_BUCKET = 1.5;

/** A plot that fills the width of a box. */
export function createPlot(box: HTMLElement, options: PlotOptions): Plot {
  const { group } = options;
  let plot: uPlot | undefined;
  let shape = '';
  let drawn: { readonly content: ChartContent; readonly theme: Theme } | undefined;
  let plotTheme: Theme | undefined;
  let reductions: Reductions = new Map();
  let cursorX: number | undefined;
  let isInView = true;

  function draw(content: ChartContent, theme: Theme): void {
    drawn = { content, theme };
    const { lines, isLog, range } = content;
    const [width, height] = [Math.floor(box.clientWidth), box.clientHeight];
    if (width <= 0 || !isInView) return;
    const newShape = JSON.stringify([lines.map((l) => [l.id, l.colour, l.raw !== undefined]), isLog]);
    if (newShape !== shape || plotTheme !== theme) {
      shape = newShape;
      plotTheme = theme;
      plot?.destroy();
      plot = makePlot(lines, isLog, { width, height }, theme);
    } else if (plot !== undefined && plot.width !== width) plot.setSize({ width, height });
    if (plot === undefined) return;
    reductions = reduceLines(lines, range, width, reductions);
    const data = tableOf(lines, reductions);
    const [min, max] = range;
    plot.batch(() => {
      plot!.setData(data, true);
      plot!.setScale('x', { min, max: max > min ? max : min + 1 });
    });
  }

  function makePlot(
    lines: readonly Line[],
    isLog: boolean,
    size: Pick<uPlot.Options, 'width' | 'height'>,
    theme: Theme,
  ): uPlot {
    return new uPlot(
      {
        ...size,
        legend: { show: false },
        padding: [8, lines.some((l) => l.axis === 'right') ? 4 : 12, 0, 0],
        cursor: {
          drag: { x: true, y: false, setScale: false, dist: 4 },
          sync: { key: group.key, scales: ['x', null], setSeries: false },
          points: { size: 5 },
          bind: { dblclick: () => () => (group.onZoom(undefined), null) },
        },
        scales: chartScales(isLog, options.isFromZero),
        axes: chartAxes(lines, theme, { format: options.format, formatX: group.formatX }),
        series: [{}, ...chartSeries(lines)],
        hooks: {
          setCursor: [
            (u) => {
              cursorX = u.cursor.left !== undefined && u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : undefined;
              options.onCursor(cursorX);
            },
          ],
          setSelect: [
            (u) => {
              const { left, width: selected } = u.select;
              if (selected < 4) return;
              const range = [u.posToVal(left, 'x'), u.posToVal(left + selected, 'x')] as const;
              u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
              group.onZoom(range);
            },
          ],
        },
      },
      [[], ...lines.flatMap((l) => (l.raw === undefined ? [[]] : [[], []]))],
      box,
    );
  }

  const redraw = () => drawn !== undefined && draw(drawn.content, drawn.theme);
  const sizes = new ResizeObserver(redraw);
  sizes.observe(box);
  const views = new IntersectionObserver(
    (entries) => {
      isInView = entries.at(-1)?.isIntersecting === true;
      if (isInView) redraw();
    },
    { rootMargin: '200px' },
  );
  views.observe(box);

  return {
    draw,
    moveCursor(nPoints) {
      if (plot === undefined) return undefined;
      const x = plot.data[0] as ArrayLike<number>;
      const at = cursorX === undefined ? x.length - 1 : lowerBound(Float64Array.from(x), cursorX) + nPoints;
      const value = x[Math.min(x.length - 1, Math.max(0, at))];
      if (value === undefined) return undefined;
      plot.setCursor({ left: plot.valToPos(value, 'x'), top: plot.bbox.height / 2 / devicePixelRatio });
      return value;
    },
    dispose() {
      sizes.disconnect();
      views.disconnect();
      plot?.destroy();
    },
  };
}

/** The rows of a curve that its pixels can show. */
interface Reduction {
  readonly curve: Curve;
  readonly range: readonly [number, number];
  readonly width: number;
  readonly rows: Uint32Array;
}

/** Of the lines of a chart, by their id. */
type Reductions = ReadonlyMap<string, Reduction>;

/** Reduces each line by its raw curve; one that is the same as before is not looked through again. */
function reduceLines(
  lines: readonly Line[],
  range: readonly [number, number],
  width: number,
  before: Reductions,
): Reductions {
  const nBuckets = Math.max(50, width / PIXELS_PER_BUCKET);
  return new Map(
    lines.map(({ id, curve: smoothed, raw: curve = smoothed }) => {
      const old = before.get(id);
      const isSame =
        old?.curve.x === curve.x &&
        old.curve.y === curve.y &&
        old.width === width &&
        String(old.range) === String(range);
      return [id, isSame ? old : { curve, range, width, rows: decimatedRows(curve, range, nBuckets) }];
    }),
  );
}

/** What is drawn: each line, and its raw curve at the same rows. */
function tableOf(lines: readonly Line[], reductions: Reductions): uPlot.AlignedData {
  const tables = lines.map(({ id, curve, raw }): uPlot.AlignedData => {
    const { rows } = reductions.get(id)!;
    const { x, y } = takeRows(curve, rows);
    return raw === undefined ? [x, y] : [x, y, takeRows(raw, rows).y];
  });
  return tables.length === 0 ? [[], []] : tables.length === 1 ? tables[0]! : uPlot.join(tables);
}
