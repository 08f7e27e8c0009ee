import uPlot from 'uplot';
import { h, setAttr, setText, show, svg } from './dom.ts';
import type { Line } from './line.ts';
import { decimatedRows, lowerBound, takeRows, valueAt } from './reduce.ts';
import type { Curve } from './reduce.ts';
import { readTheme } from './theme.ts';
import { chartScales, chartAxes, chartSeries } from './chart-options.ts';

export interface ChartOptions {
  readonly title: string;
  /** Said in the empty chart: what will appear and when. */
  readonly whenEmpty: () => string;
  readonly format: (value: number) => string;
  /** Whether y begins at 0: for amounts, whose height is their meaning. */
  readonly isFromZero?: boolean;
  /** The charts of a group share cursor and zoom. */
  readonly group: ChartGroup;
}

/** What charts have in common. */
export interface ChartGroup {
  /** Key of the shared cursor. */
  readonly key: string;
  readonly formatX: (value: number) => string;
  /** The person chose a range of x, or with undefined, all of it. */
  onZoom(range: readonly [number, number] | undefined): void;
}

/** What a chart shows. */
export interface ChartContent {
  readonly lines: readonly Line[];
  readonly range: readonly [number, number];
  readonly isLog: boolean;
}

export interface Chart {
  readonly element: HTMLElement;
  readonly title: string;
  readonly content: ChartContent | undefined;
  readonly setTitle: (title: string) => void;
  draw(content: ChartContent): void;
  /** Draws again with the theme's new colours. */
  restyle(): void;
}

export const CHART_HEIGHT = 168;
/** Points a pixel column can show are first, low, high, last. */
const PIXELS_PER_BUCKET = 1.5;

/** A chart of lines over one x, drawn by uPlot on a canvas. */
export function createChart(options: ChartOptions): Chart {
  const { whenEmpty, group } = options;
  let { title } = options;
  const heading = h('span', { class: 'chart-title' }, title);
  const legend = h('div', { class: 'chart-legend' });
  const empty = h('div', { class: 'chart-empty' });
  const plotBox = h('div', { class: 'chart-plot', attrs: { tabindex: 0, role: 'application' } });
  const reader = h('div', { class: 'sr-only', attrs: { 'aria-live': 'polite' } });
  const element = h(
    'figure',
    { class: 'chart' },
    h('figcaption', { class: 'chart-head' }, heading, legend),
    plotBox,
    empty,
    reader,
  );
  let plot: uPlot | undefined;
  let shape = '';
  let content: ChartContent | undefined;
  let values: HTMLElement[] = [];
  let reductions: Reductions = new Map();
  let cursorX: number | undefined;
  /** Charts out of view keep their content and draw it when they come into view. */
  let isInView = true;

  function draw(next: ChartContent): void {
    content = next;
    const lines = next.lines.filter(({ curve }) => curve.x.length > 0);
    show(empty, lines.length === 0);
    plotBox.classList.toggle('is-empty', lines.length === 0);
    if (lines.length === 0) setText(empty, whenEmpty());
    setAttr(plotBox, 'aria-label', describe(title, lines));
    const width = Math.floor(plotBox.clientWidth);
    if (width <= 0 || !isInView) return;
    const newShape = JSON.stringify([lines.map((l) => [l.id, l.colour, l.raw !== undefined]), next.isLog]);
    if (newShape !== shape) {
      shape = newShape;
      plot?.destroy();
      plot = makePlot(lines, next.isLog, width);
      values = fillLegend(legend, lines);
    } else if (plot !== undefined && plot.width !== width) plot.setSize({ width, height: CHART_HEIGHT });
    if (plot === undefined) return;
    reductions = reduceLines(lines, next.range, width, reductions);
    const data = tableOf(lines, reductions);
    const [min, max] = next.range;
    plot.batch(() => {
      plot!.setData(data, true);
      plot!.setScale('x', { min, max: max > min ? max : min + 1 });
    });
    writeLegend();
  }

  function makePlot(lines: readonly Line[], isLog: boolean, width: number): uPlot {
    const theme = readTheme();
    return new uPlot(
      {
        width,
        height: CHART_HEIGHT,
        legend: { show: false },
        padding: [8, lines.some((l) => l.axis === 'right') ? 4 : 12, 0, 0],
        cursor: {
          drag: { x: true, y: false, setScale: false, dist: 4 },
          sync: { key: group.key, scales: ['x', null], setSeries: false },
          points: { size: 5 },
          bind: { dblclick: () => () => (group.onZoom(undefined), null) },
        },
        scales: chartScales(isLog, options.isFromZero === true),
        axes: chartAxes(lines, theme, options),
        series: [{}, ...chartSeries(lines)],
        hooks: {
          setCursor: [
            (u) => {
              cursorX = u.cursor.left !== undefined && u.cursor.left >= 0 ? u.posToVal(u.cursor.left, 'x') : undefined;
              writeLegend();
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
      plotBox,
    );
  }

  /** Values at the cursor, or the last ones. */
  function writeLegend(): void {
    const lines = content?.lines.filter(({ curve }) => curve.x.length > 0) ?? [];
    lines.forEach(({ curve, format }, i) => {
      const value = cursorX === undefined ? curve.y.at(-1) : valueAt(curve, cursorX);
      if (values[i] !== undefined) setText(values[i], value === undefined || Number.isNaN(value) ? '–' : format(value));
    });
  }

  function moveCursor(nPoints: number): void {
    if (plot === undefined || content === undefined) return;
    const x = plot.data[0] as ArrayLike<number>;
    const at = cursorX === undefined ? x.length - 1 : lowerBound(Float64Array.from(x), cursorX) + nPoints;
    const value = x[Math.min(x.length - 1, Math.max(0, at))];
    if (value === undefined) return;
    plot.setCursor({ left: plot.valToPos(value, 'x'), top: plot.bbox.height / 2 / devicePixelRatio });
    const said = content.lines.map((l) => {
      const y = valueAt(l.curve, value);
      return y === undefined ? '' : `${l.label} ${l.format(y)}`;
    });
    setText(reader, [group.formatX(value), ...said].filter(Boolean).join(', '));
  }

  function zoomAround(factor: number): void {
    if (content === undefined) return;
    const [min, max] = content.range;
    const centre = cursorX ?? (min + max) / 2;
    group.onZoom([centre - (centre - min) * factor, centre + (max - centre) * factor]);
  }

  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => moveCursor(-1),
    ArrowRight: () => moveCursor(1),
    PageUp: () => moveCursor(-20),
    PageDown: () => moveCursor(20),
    '+': () => zoomAround(0.5),
    '-': () => zoomAround(2),
    '0': () => group.onZoom(undefined),
    Escape: () => group.onZoom(undefined),
  };
  plotBox.addEventListener('keydown', (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });

  const redraw = () => content !== undefined && draw(content);
  new ResizeObserver(redraw).observe(plotBox);
  new IntersectionObserver(
    (entries) => {
      isInView = entries.at(-1)?.isIntersecting === true;
      if (isInView) redraw();
    },
    { rootMargin: '200px' },
  ).observe(plotBox);

  return {
    element,
    get title() {
      return title;
    },
    setTitle(next) {
      title = next;
      setText(heading, next);
    },
    get content() {
      return content;
    },
    draw,
    restyle() {
      shape = '';
      redraw();
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

/** One entry a line: how it is drawn, its name, and a place for its value. */
function fillLegend(legend: HTMLElement, lines: readonly Line[]): HTMLElement[] {
  const values = lines.map(() => h('span', { class: 'num' }));
  legend.replaceChildren(
    ...lines.map((line, i) => h('span', { class: 'legend-entry' }, swatch(line), h('span', {}, line.label), values[i])),
  );
  return values;
}

/** A short piece of a line as it is drawn. */
export function swatch({ colour, dash, width }: Pick<Line, 'colour' | 'dash' | 'width'>): SVGElement {
  const line = svg('line', { x1: 0, y1: 5, x2: 20, y2: 5, stroke: colour, 'stroke-width': width });
  if (dash !== undefined) line.setAttribute('stroke-dasharray', dash.join(' '));
  return svg('svg', { width: 20, height: 10, class: 'swatch', 'aria-hidden': 'true' }, line);
}

function describe(title: string, lines: readonly Line[]): string {
  const parts = lines.map(({ label, curve, format }) => `${label} ${format(curve.y.at(-1) ?? NaN)}`);
  const what = parts.length === 0 ? 'no values yet' : `last values: ${parts.join(', ')}`;
  return `${title}, ${what}. Arrow keys move the cursor, plus and minus zoom, 0 shows all.`;
}
