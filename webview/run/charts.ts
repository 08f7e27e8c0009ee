import { createChart } from '../shared/chart.ts';
import type { ChartGroup } from '../shared/chart.ts';
import { h, setAttr, setText, show } from '../shared/dom.ts';
import { chartsToPng, chartsToSvg } from '../shared/export-image.ts';
import type { KeptState } from '../shared/host.ts';
import { extentOf } from '../shared/line.ts';
import type { Line } from '../shared/line.ts';
import { segments } from '../shared/segments.ts';
import { isActive } from '../shared/status.ts';
import { onThemeChange, readTheme } from '../shared/theme.ts';
import { button, checkbox } from '../shared/ui.ts';
import { RUN_CHARTS, X_FORMATS } from './curves.ts';
import { runToCsv } from './export-csv.ts';
import type { RunModel } from './model.ts';
import { X_MODES } from './state.ts';
import type { RunPanelState } from './state.ts';

export interface ChartsSection {
  readonly element: HTMLElement;
  draw(): void;
}

/** The charts of a run with their common settings. `save` writes an exported file. */
export function createCharts(
  model: RunModel,
  state: KeptState<RunPanelState>,
  save: (name: string, content: string | Uint8Array) => void,
): ChartsSection {
  const group: ChartGroup = {
    key: 'run',
    formatX: (x) => X_FORMATS[state.value.xMode].tick(x),
    onZoom: (range) => set({ zoom: range === undefined ? null : range }),
  };
  const charts = RUN_CHARTS.map((definition) => {
    const chart = createChart({
      title: definition.title,
      whenEmpty: () => definition.whenEmpty(model),
      format: definition.format,
      isFromZero: definition.isFromZero === true,
      group,
    });
    return { definition, chart };
  });
  const smoothingValue = h('output', { class: 'num' });
  const smoothing = h('input', {
    attrs: { type: 'range', min: 0, max: 0.99, step: 0.01, 'aria-label': 'Smoothing' },
    on: { input: () => set({ smoothing: Number(smoothing.value) }) },
  });
  smoothing.value = String(state.value.smoothing);
  const reset = button({
    label: 'Show all',
    icon: 'screen-full',
    isSecondary: true,
    onClick: () => set({ zoom: null }),
  });
  const element = h(
    'section',
    { attrs: { 'aria-label': 'Charts' } },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, 'Training'),
      h('label', { class: 'field' }, 'Smoothing', smoothing, smoothingValue),
      segments('Horizontal axis', X_MODES, state.value.xMode, (xMode) => set({ xMode, zoom: null })),
      checkbox('Log y', state.value.isLog, (isLog) => set({ isLog })),
      reset,
      h('span', { class: 'spacer' }),
      h(
        'span',
        { class: 'exports', attrs: { role: 'group', 'aria-label': 'Export the charts' } },
        exportButton('SVG', () => save(`${name()}.svg`, svgText())),
        exportButton('PNG', () => void chartsToPng(svgText()).then((bytes) => save(`${name()}.png`, bytes))),
        exportButton('CSV', () => save(`${name()}.csv`, runToCsv(model))),
      ),
    ),
    h('div', { class: 'charts' }, ...charts.map(({ chart }) => chart.element)),
  );

  function name(): string {
    return model.about?.record.id ?? 'run';
  }

  function svgText(): string {
    const drawn = charts.flatMap(({ chart }) =>
      chart.content === undefined ? [] : [{ ...chart.content, title: chart.title }],
    );
    return chartsToSvg(drawn, readTheme(), group.formatX);
  }

  function set(changes: Partial<RunPanelState>): void {
    state.change(changes);
    draw();
  }

  /** Nothing is drawn, or promised, for a run that trains nothing or ended before its first step. */
  function hasCurves(): boolean {
    const { about, steps, evaluations } = model;
    if (about === undefined || about.record.job === 'evaluate') return false;
    return isActive(about.status) || steps.length > 0 || evaluations.length > 0;
  }

  function draw(): void {
    show(element, hasCurves());
    const { zoom, isLog, smoothing: weight } = state.value;
    setText(smoothingValue, weight.toFixed(2));
    show(reset, zoom !== null);
    const { charts: colours } = readTheme();
    const lines = charts.map(({ definition }) => definition.lines(model, state.value, colours));
    const range = zoom ?? extentOf(lines.flat()) ?? [0, 1];
    charts.forEach(({ chart, definition }, i) =>
      chart.draw({ lines: lines[i] as Line[], range, isLog: isLog && definition.canBeLog }),
    );
  }

  onThemeChange(() => {
    draw();
    for (const { chart } of charts) chart.restyle();
  });
  setAttr(element, 'class', 'charts-section');
  return { element, draw };
}

function exportButton(format: string, onClick: () => void): HTMLElement {
  const label = `Save the charts’ ${format === 'CSV' ? 'values' : 'picture'} as ${format}`;
  return h(
    'button',
    { class: 'plain-button', attrs: { title: label, 'aria-label': label }, on: { click: onClick } },
    format,
  );
}
