/** The compare panel: a table of runs with what differs between them, and their curves on top of each other. */
import '../shared/page.css';
import { signal } from '@preact/signals';
import { render } from 'preact';
import type { Problem } from '../../src/vocabulary/problem.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import { PANEL_ACTIONS } from '../../src/protocol/panels/actions.ts';
import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { COMPARE_DATA } from '../../src/protocol/panels/compare-data.ts';
import type { ComparedCurves, ComparedDelta, ComparedRun } from '../../src/protocol/panels/compare-data.ts';
import { openClient, problemOf } from '../../src/protocol/rpc.ts';
import { Checkbox } from '../shared/ui/checkbox.tsx';
import { Dropdown } from '../shared/ui/dropdown.tsx';
import { Button } from '../shared/ui/button.tsx';
import { SearchField } from '../shared/ui/text-field.tsx';
import { EmptyState } from '../shared/components/empty-state.tsx';
import { ErrorMessage } from '../shared/components/error-message.tsx';
import { ScrollBox } from '../shared/components/scroll-box.tsx';
import { Tooltip } from '../shared/components/tooltip.tsx';
import { csvText } from '../../src/vocabulary/words/csv.ts';
import { h, onFrame, setText, show } from '../shared/dom.ts';
import { onFilterKey } from '../shared/filter-key.ts';
import { hostPort, keptState } from '../shared/host.ts';
import { elementOf, Island } from '../shared/island.tsx';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import { metricDefinition } from '../shared/metric-definition.ts';
import { saveFile } from '../shared/save-file.ts';
import { followTheme } from '../shared/theme.ts';
import { arrange, bestValue, columnsFor } from './columns.ts';
import type { Column, RunRow } from './columns.ts';
import { CurvesSection } from './curves-section.tsx';
import type { Curves } from './curves-section.tsx';
import { runsTable } from './runs-table.tsx';
import { DEFAULT_COMPARE_STATE } from './state.ts';
import type { CompareState } from './state.ts';
import './compare.css';

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
const allCurves = new Map<string, ComparedCurves>();
const curves = signal<Curves>({ runs: [], metric: 'esci_ndcg' });

const tableBox = elementOf(<ScrollBox />);
const count = h('span', { class: 'muted num' });
const filter = elementOf(
  <SearchField
    label="Filter runs"
    placeholder="Filter ( / )"
    value={state.value.filter}
    onSearch={(text) => set({ filter: text })}
  />,
);
const metricBox = h('span');
const columnBox = h('details', { class: 'columns' }, h('summary', { class: 'plain-button' }, 'Columns'));
const columnList = h('div', { class: 'column-list' });
columnBox.append(columnList);
const diff = elementOf(
  <Button label="Diff Experiments" isSecondary onClick={() => void actions.diff({ runIds: diffed() }).catch(report)} />,
);

const runsSection = h(
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
    elementOf(<Button label="Save as CSV" isSecondary onClick={saveCsv} />),
  ),
  problems,
  tableBox,
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
  curves.value = knownCurves();
  void askDeltas();
});

/** The curves that are wanted and known, for their charts. */
function knownCurves(): Curves {
  return {
    metric: metricName(),
    runs: runs.flatMap((run) => {
      const known = state.value.hiddenRuns.includes(run.id) ? undefined : allCurves.get(run.id);
      return known === undefined ? [] : [{ run, curves: known }];
    }),
  };
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
  metricBox.replaceChildren(
    elementOf(
      <Dropdown
        label="Metric"
        choices={names.map((value) => ({ value, label: metricLabel(value) }))}
        value={metricName()}
        description={metricDefinition(metricName())}
        onChange={(metric) => set({ metric })}
      />,
    ),
  );
  columnList.replaceChildren(
    ...columnsFor(runs).map(({ id, label }) =>
      elementOf(
        <Checkbox
          isChecked={!state.value.hiddenColumns.includes(id)}
          onChange={(isShown) => {
            const others = state.value.hiddenColumns.filter((other) => other !== id);
            set({ hiddenColumns: isShown ? others : [...others, id] });
          }}
        >
          {label}
        </Checkbox>,
      ),
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
  void saveFile(actions, 'comparison.csv', csvText(header, lines)).catch(report);
}

on('runs', (latest) => {
  runs = latest.runs;
  drawChoices();
  draw();
});
on('curves', (latest) => {
  allCurves.set(latest.id, latest);
  draw();
});
onFilterKey(() => filter.focus());

data.open({ runIds: state.value.runIds }).then(
  (opened) => {
    runs = opened.runs;
    if (runs.length === 0) {
      render(<EmptyState text="There is no run to compare. Select some in the Runs view." />, document.body);
      return;
    }
    render(
      <>
        <main>
          <Island element={runsSection} />
          <CurvesSection curves={curves} state={state} theme={followTheme()} />
        </main>
        <Tooltip />
      </>,
      document.body,
    );
    drawChoices();
    draw();
  },
  (error: unknown) => render(<ErrorMessage {...problemOf(error)} />, document.body),
);
