import { useSignal } from '@preact/signals';
import type { ReadonlySignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { ChartContent, ChartGroup } from '../chart-content.ts';
import type { Line } from '../line.ts';
import { createPlot } from '../plot.ts';
import type { Plot } from '../plot.ts';
import { valueAt } from '../reduce.ts';
import type { Theme } from '../theme.ts';
import { Swatch } from './swatch.tsx';
import './chart.css';

export interface ChartProps {
  readonly title: string;
  /** Said in the empty chart: what will appear and when. */
  readonly whenEmpty: string;
  readonly content: ChartContent;
  /** Of the ticks of the left axis. */
  readonly format: (value: number) => string;
  /** Whether y begins at 0: for amounts, whose height is their meaning. */
  readonly isFromZero?: boolean;
  /** The charts of a group share cursor and zoom; stays the same as long as the chart is there. */
  readonly group: ChartGroup;
  readonly theme: Theme;
}

/** A chart of lines over one x, with a legend of the values at the cursor, or the last ones. */
export function Chart({ title, whenEmpty, content, format, isFromZero = false, group, theme }: ChartProps) {
  const lines = content.lines.filter(({ curve }) => curve.x.length > 0);
  const cursor = useSignal<number | undefined>(undefined);
  /** What readers hear of the cursor. */
  const spoken = useSignal('');
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot>(undefined as unknown as Plot);
  useLayoutEffect(() => {
    const onCursor = (x: number | undefined) => void (cursor.value = x);
    plot.current = createPlot(box.current!, { format, isFromZero, group, onCursor });
    return () => plot.current.dispose();
  }, []);
  useLayoutEffect(() => plot.current.draw({ ...content, lines }, theme));

  function moveCursor(nPoints: number): void {
    const x = plot.current.moveCursor(nPoints);
    if (x === undefined) return;
    const values = lines.map(({ curve, label, format: formatY }) => {
      const y = valueAt(curve, x);
      return y === undefined ? '' : `${label} ${formatY(y)}`;
    });
    spoken.value = [group.formatX(x), ...values].filter(Boolean).join(', ');
  }

  function zoomAround(factor: number): void {
    const [min, max] = content.range;
    const centre = cursor.peek() ?? (min + max) / 2;
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
  const onKeyDown = (event: KeyboardEvent) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };

  const isEmpty = lines.length === 0;
  return (
    <figure class="chart">
      <figcaption class="chart-head">
        <span class="chart-title">{title}</span>
        <Legend lines={lines} cursor={cursor} />
      </figcaption>
      <div
        ref={box}
        class={isEmpty ? 'chart-plot is-empty' : 'chart-plot'}
        tabIndex={0}
        role="application"
        aria-label={description(title, lines)}
        onKeyDown={onKeyDown}
      />
      <div class="chart-empty" hidden={!isEmpty}>
        {isEmpty ? whenEmpty : ''}
      </div>
      <div class="sr-only" aria-live="polite">
        {spoken}
      </div>
    </figure>
  );
}

/** One entry a line: how it is drawn, its name, and its value. */
function Legend({
  lines,
  cursor,
}: {
  readonly lines: readonly Line[];
  readonly cursor: ReadonlySignal<number | undefined>;
}) {
  const x = cursor.value;
  return (
    <div class="chart-legend">
      {lines.map(({ id, label, curve, format, ...look }) => {
        const value = x === undefined ? curve.y.at(-1) : valueAt(curve, x);
        return (
          <span key={id} class="legend-entry">
            <Swatch {...look} />
            <span>{label}</span>
            <span class="num">{value === undefined || Number.isNaN(value) ? '–' : format(value)}</span>
          </span>
        );
      })}
    </div>
  );
}

function description(title: string, lines: readonly Line[]): string {
  const parts = lines.map(({ label, curve, format }) => `${label} ${format(curve.y.at(-1) ?? NaN)}`);
  const what = parts.length === 0 ? 'no values yet' : `last values: ${parts.join(', ')}`;
  return `${title}, ${what}. Arrow keys move the cursor, plus and minus zoom, 0 shows all.`;
}
