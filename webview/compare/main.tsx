/** The compare panel: a table of runs with what differs between them, and their curves on top of each other. */
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import { PANEL_ACTIONS } from '../../src/protocol/panels/actions.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { COMPARE_DATA } from '../../src/protocol/panels/compare-data.ts';
import type { ComparedCurves, ComparedDelta, ComparedRun } from '../../src/protocol/panels/compare-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { X_FORMATS } from '../run/curves.ts';
import { X_MODES } from '../run/state.ts';
import { createChart } from '../shared/chart.ts';
import { toCsv } from '../shared/csv.ts';
import { h, onFrame, setText, show } from '../shared/dom.ts';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { hostPort, keptState } from '../shared/host.ts';
import { extentOf } from '../shared/line.ts';
import { metricDefinition, metricLabel } from '../shared/metric-name.ts';
import { saveFile } from '../shared/save-file.ts';
import { scrollBox } from '../shared/scroll-box.ts';
import { segments } from '../shared/segments.ts';
import { onThemeChange } from '../shared/theme.ts';
import { tooltip } from '../shared/tooltip.ts';
import { button, checkbox, dropdown, searchField } from '../shared/ui.ts';
import { COMPARE_CHARTS, lineOf } from './charts.ts';
import { arrange, bestValue, columnsFor } from './columns.ts';
import type { Column, RunRow } from './columns.ts';
import { runsTable } from './runs-table.ts';
import { DEFAULT_COMPARE_STATE } from './state.ts';
import type { CompareState } from './state.ts';

const state = keptState(DEFAULT_COMPARE_STATE);
const problems = h('p', { class: 'message', attrs: { hidden: true, role: 'status' } });
const onBad = (problem: Problem) => {
  setText(problems, problem.message);
  show(problems, true);
};
const { calls: data, on } = openClient(hostPort, COMPARE_DATA, onBad);
const { calls: actions } = openClient(hostPort, PANEL_ACTIONS, onBad);
const report = (error: unknown) => onBad(problemOf(error));
const act = (action: RunAction, runId: string) => void actions.act({ action, runId }).catch(report);

let runs: readonly ComparedRun[] = [];
let deltas = new Map<string, ComparedDelta>();
let askedFor = '';
const curves = new Map<string, ComparedCurves>();

const group = {
  key: 'compare',
  formatX: (x: number) => X_FORMATS[state.value.xMode].tick(x),
  onZoom: (range: readonly [number, number] | undefined) => set({ zoom: range ?? null }),
};
const charts = COMPARE_CHARTS.map((definition) => {
  const title = definition.title('Headline');
  const whenEmpty = () => 'None of the shown runs has this yet.';
  const chart = createChart({
    title,
    whenEmpty,
    format: definition.format,
    isFromZero: definition.isFromZero === true,
    group,
  });
  return { definition, chart };
});
const tableBox = scrollBox();
const count = h('span', { class: 'muted num' });
const filter = searchField('Filter runs', 'Filter ( / )', (text) => set({ filter: text }));
filter.value = state.value.filter;
const metricBox = h('span');
const columnBox = h('details', { class: 'columns' }, h('summary', { class: 'plain-button' }, 'Columns'));
const columnList = h('div', { class: 'column-list' });
columnBox.append(columnList);
const reset = button({ label: 'Show all', icon: 'screen-full', isSecondary: true, onClick: () => set({ zoom: null }) });
const diff = button({
  label: 'Diff Experiments',
  isSecondary: true,
  onClick: () => void actions.diff({ runIds: diffed() }).catch(report),
});

const main = h(
  'main',
  {},
  h(
    'section',
    { attrs: { 'aria-label': 'Runs' } },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, 'Runs'),
      count,
      filter,
      h('span', { class: 'spacer' }),
      metricBox,
      columnBox,
      diff,
      button({ label: 'Save as CSV', isSecondary: true, onClick: saveCsv }),
    ),
    problems,
    tableBox,
  ),
  h(
    'section',
    { attrs: { 'aria-label': 'Curves' } },
    h(
      'div',
      { class: 'section-head' },
      h('h2', {}, 'Curves'),
      segments('Horizontal axis', X_MODES, state.value.xMode, (xMode) => set({ xMode, zoom: null })),
      checkbox('Log y', state.value.isLog, (isLog) => set({ isLog })),
      checkbox('Smooth', state.value.smoothing > 0, (isSmooth) => set({ smoothing: isSmooth ? 0.6 : 0 })),
      reset,
    ),
    h('div', { class: 'charts' }, ...charts.map(({ chart }) => chart.element)),
  ),
);

function set(changes: Partial<CompareState>): void {
  state.change(changes);
  draw();
}

/** The chosen metric, else the first run's headline. */
function metricName(): string {
  return state.value.metric ?? runs.find(({ headline }) => headline !== undefined)?.headline ?? 'esci_ndcg';
}

/** What the person chose, else the run that is marked as baseline, else the one of these that their experiments name. */
function baselineId(): string | null {
  if (state.value.isBaselineChosen) return state.value.baselineId;
  const named = new Set(runs.flatMap(({ baseline }) => baseline ?? []));
  const base =
    runs.find(({ isBaseline }) => isBaseline) ?? (named.size === 1 ? runs.find(({ id }) => named.has(id)) : undefined);
  return base?.id ?? null;
}

function rows(): RunRow[] {
  return runs.map((run) => ({ run, delta: deltas.get(run.id), metric: metricName() }));
}

function shownColumns(): Column[] {
  return columnsFor(runs).filter(({ id }) => !state.value.hiddenColumns.includes(id));
}

function diffed(): string[] {
  const drawn = runs.filter(({ id }) => !state.value.hiddenRuns.includes(id)).map(({ id }) => id);
  const base = baselineId() ?? drawn[0];
  return [base, drawn.find((id) => id !== base)].filter((id) => id !== undefined);
}

const draw = onFrame(() => {
  const columns = shownColumns();
  const arranged = arrange(rows(), columns, state.value.filter, state.value.sort);
  const focus = focusedControl();
  tableBox.replaceChildren(
    runsTable(
      arranged,
      columns,
      { ...state.value, baselineId: baselineId() },
      {
        onSort: (column) => {
          const { sort } = state.value;
          set({ sort: { column, isDescending: sort.column === column ? !sort.isDescending : column !== 'name' } });
        },
        onBaseline: (id) => set({ baselineId: baselineId() === id ? null : id, isBaselineChosen: true }),
        onToggleRun: (id) => {
          const { hiddenRuns } = state.value;
          set({
            hiddenRuns: hiddenRuns.includes(id) ? hiddenRuns.filter((other) => other !== id) : [...hiddenRuns, id],
          });
        },
        act,
      },
    ),
  );
  restoreFocus(focus);
  const base = runs.find(({ id }) => id === baselineId());
  setText(
    count,
    `${arranged.length === runs.length ? '' : `${arranged.length} of `}${runs.length}, Δ against ${base?.title ?? 'each run’s pretrained model'}`,
  );
  show(reset, state.value.zoom !== null);
  drawCharts();
  void askDeltas();
});

function drawCharts(): void {
  const shown = runs.filter(({ id }) => !state.value.hiddenRuns.includes(id) && curves.has(id));
  const lines = charts.map(({ definition }) =>
    shown.map(({ id, title }) => lineOf(definition, curves.get(id)!, title, state.value, metricName())),
  );
  const range = state.value.zoom ?? extentOf(lines.flat()) ?? [0, 1];
  charts.forEach(({ chart, definition }, i) => {
    chart.setTitle(definition.title(metricLabel(metricName())));
    chart.draw({ lines: lines[i]!, range, isLog: state.value.isLog && definition.canBeLog });
  });
}

async function askDeltas(): Promise<void> {
  const base = baselineId();
  const request = {
    runIds: runs.map(({ id }) => id),
    metric: metricName(),
    ...(base === null ? {} : { baselineId: base }),
  };
  const key = JSON.stringify([request, runs.map(({ status }) => status)]);
  if (runs.length === 0 || key === askedFor) return;
  askedFor = key;
  try {
    const { rows: found } = await data.deltas(request);
    if (key !== askedFor) return;
    deltas = new Map(found.map((row) => [row.id, row]));
    draw();
  } catch (error) {
    report(error);
  }
}

function drawChoices(): void {
  const names = [...new Set(runs.flatMap(({ test, dev }) => Object.keys(test ?? dev?.metrics ?? {})))];
  const choice = dropdown(
    'Metric',
    names.map((value) => ({ value, label: metricLabel(value) })),
    metricName(),
    (metric) => set({ metric }),
  );
  tooltip(choice, metricDefinition(metricName()));
  metricBox.replaceChildren(choice);
  columnList.replaceChildren(
    ...columnsFor(runs).map(({ id, label }) =>
      checkbox(label, !state.value.hiddenColumns.includes(id), (isShown) => {
        const others = state.value.hiddenColumns.filter((other) => other !== id);
        set({ hiddenColumns: isShown ? others : [...others, id] });
      }),
    ),
  );
}

/** Which control of which run has the focus, to give it back after the table was made anew. */
function focusedControl(): { readonly label: string } | undefined {
  const active = document.activeElement;
  return active !== null && tableBox.contains(active)
    ? { label: active.getAttribute('aria-label') ?? active.textContent }
    : undefined;
}

function restoreFocus(focus: { readonly label: string } | undefined): void {
  if (focus === undefined) return;
  const buttons = [...tableBox.querySelectorAll('button')];
  buttons.find((b) => (b.getAttribute('aria-label') ?? b.textContent) === focus.label)?.focus();
}

function saveCsv(): void {
  const columns = shownColumns();
  const header = [
    'run_id',
    'name',
    'status',
    metricName(),
    'split',
    'delta',
    'low',
    'high',
    'p',
    ...columns.filter(({ id }) => id.startsWith('option:')).map(({ id }) => id.slice(7)),
  ];
  const lines = arrange(rows(), columns, state.value.filter, state.value.sort).map((row) => {
    const { run, delta } = row;
    const options = header.slice(9).map((path) => ownOf(run.options, path));
    const best = bestValue(row);
    return [
      run.id,
      run.title,
      run.status,
      best?.value,
      best?.split,
      delta?.meanDelta,
      delta?.interval?.[0],
      delta?.interval?.[1],
      delta?.p,
      ...options,
    ];
  });
  void saveFile(actions, 'comparison.csv', toCsv(header, lines)).catch(report);
}

on('runs', (latest) => {
  runs = latest.runs;
  drawChoices();
  draw();
});
on('curves', (latest) => {
  curves.set(latest.id, latest);
  draw();
});
onThemeChange(() => charts.forEach(({ chart }) => chart.restyle()));
addEventListener('keydown', (event) => {
  if (event.key !== '/' || (event.target as HTMLElement).closest('input, vscode-text-field') !== null) return;
  event.preventDefault();
  filter.focus();
});

data.open({ runIds: state.value.runIds }).then(
  (opened) => {
    runs = opened.runs;
    document.body.replaceChildren(
      runs.length === 0
        ? h('p', { class: 'message' }, 'There is no run to compare. Select some in the Runs view.')
        : main,
    );
    drawChoices();
    draw();
  },
  (error: unknown) => render(<ErrorMessage {...problemOf(error)} />, document.body),
);
