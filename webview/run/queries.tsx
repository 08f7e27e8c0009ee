import { BASES, modelOf } from '../../src/vocabulary/ranker.ts';
import { OUTCOMES } from '../../src/protocol/panels/queries.ts';
import type { QueryOutcome, RankingsSummary } from '../../src/protocol/panels/queries.ts';
import type { RunDataCalls } from '../../src/protocol/panels/run-data.ts';
import type { Caller } from '../../src/protocol/rpc.ts';
import { createRanking } from '../ranking/ranking.tsx';
import { EmptyState } from '../shared/components/empty-state.tsx';
import { h, setAttr, setText, show } from '../shared/dom.ts';
import { countText } from '../../src/vocabulary/words/number.ts';
import type { KeptState } from '../shared/host.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import { rankerLabel } from '../../src/vocabulary/ranker.ts';
import { elementOf } from '../shared/island.tsx';
import { Dropdown } from '../shared/ui/dropdown.tsx';
import { SearchField } from '../shared/ui/text-field.tsx';
import type { FieldElement } from '../shared/ui/text-field.tsx';
import { createVirtualList } from '../shared/virtual-list.ts';
import { createQueryPager } from './query-pager.ts';
import { queryRow, rowAsTsv } from './query-row.ts';
import type { QueryValues } from './query-row.ts';
import type { QueryColumn, RunPanelState } from './state.ts';
import './queries.css';

const ROW_HEIGHT = 24;
const OUTCOME_LOOK = {
  win: { mark: '▲', word: 'better' },
  tie: { mark: '=', word: 'equal' },
  loss: { mark: '▼', word: 'worse' },
} as const satisfies Readonly<Record<QueryOutcome, { readonly mark: string; readonly word: string }>>;

export interface QueriesSection {
  readonly element: HTMLElement;
  /** Asks whether rankings are stored by now. */
  refresh(): void;
  focusFilter(): void;
}

/** The table of the test queries, whose rows open to both rankings. Hidden while nothing is stored. */
export function createQueries(
  state: KeptState<RunPanelState>,
  data: Caller<RunDataCalls>,
  headline: () => string | undefined,
): QueriesSection {
  const element = h('section', { class: 'queries', attrs: { 'aria-label': 'Queries', hidden: true } });
  let filter: HTMLElement | undefined;

  async function refresh(): Promise<void> {
    const { summary } = await data.rankings({});
    show(element, summary !== undefined);
    if (summary === undefined || summary.nQueries === 0) return;
    const table = createTable(summary, state, data, headline);
    filter = table.filter;
    element.replaceChildren(...table.parts);
    table.start();
  }
  return {
    element,
    refresh: () =>
      void refresh().catch((error: unknown) => {
        show(element, true);
        element.replaceChildren(h('p', { class: 'message' }, error instanceof Error ? error.message : String(error)));
      }),
    focusFilter: () => filter?.focus(),
  };
}

/** The rankers on either side: the run's model, and what it can be compared with, as far as the run has it. */
function sidesOf(
  { rankers }: RankingsSummary,
  wanted: string | null,
): { readonly base: string; readonly ranker: string; readonly bases: string[] } {
  const model = modelOf(rankers);
  const ranker = [model, 'bm25'].find((name) => rankers.includes(name)) ?? rankers[0] ?? '';
  const bases = [...BASES, 'bm25'].filter((name) => name !== ranker && rankers.includes(name));
  const base = wanted !== null && bases.includes(wanted) ? wanted : (bases[0] ?? ranker);
  return { base, ranker, bases };
}

function createTable(
  summary: RankingsSummary,
  state: KeptState<RunPanelState>,
  data: Caller<RunDataCalls>,
  headline: () => string | undefined,
) {
  const sides = sidesOf(summary, state.value.base);
  const values = (): QueryValues => {
    const name = state.value.metric ?? headline() ?? '';
    return {
      ...sides,
      base: sidesOf(summary, state.value.base).base,
      metric: summary.metrics.includes(name) ? name : (summary.metrics[0] ?? ''),
    };
  };
  const open = new Map<string, HTMLElement>();
  const expanded = new Set(state.value.expanded);
  const count = h('span', { class: 'muted num', attrs: { role: 'status' } });
  const none = elementOf(
    <EmptyState text="No query matches the filter." action={{ label: 'Clear Filter', onClick: () => clearFilter() }} />,
  );
  show(none, false);

  const list = createVirtualList({
    rowHeight: ROW_HEIGHT,
    label: 'Queries',
    row(index) {
      const row = pager.row(index);
      return queryRow(row, values(), row !== undefined && expanded.has(row.id));
    },
    detail(index) {
      const row = pager.row(index);
      return row !== undefined && expanded.has(row.id) ? detailOf(row.id) : undefined;
    },
    onToggle: (index) => toggle(index),
    onClose: (index) => {
      const row = pager.row(index);
      if (row !== undefined && expanded.has(row.id)) toggle(index);
    },
    onChange: ({ top, active }) => state.change({ listTop: top, activeQuery: active }),
  });
  const pager = createQueryPager(data.page, onPage, (error) =>
    setText(count, error instanceof Error ? error.message : String(error)),
  );
  let hasCome = false;

  function onPage(): void {
    const total = pager.total ?? 0;
    list.setCount(total);
    show(none, total === 0);
    setText(
      count,
      total === summary.nQueries ? countText(total) : `${countText(total)} of ${countText(summary.nQueries)}`,
    );
    for (const [i, outcome] of OUTCOMES.entries()) {
      setText(outcomeButtons[i]!, `${OUTCOME_LOOK[outcome].mark} ${countText(pager.outcomes?.[outcome] ?? 0)}`);
    }
    if (!hasCome) list.restore({ top: state.value.listTop, active: state.value.activeQuery });
    hasCome = true;
  }

  function toggle(index: number): void {
    const row = pager.row(index);
    if (row === undefined) return;
    if (expanded.has(row.id)) {
      expanded.delete(row.id);
      open.delete(row.id);
    } else expanded.add(row.id);
    state.change({ expanded: [...expanded] });
    list.refresh();
  }

  function detailOf(id: string): HTMLElement {
    const known = open.get(id);
    if (known !== undefined) return known;
    const box = h('div', { class: 'qdetail' });
    open.set(id, box);
    const { base, ranker } = values();
    data.ranking({ id }).then(
      (ranking) =>
        box.replaceChildren(createRanking({ ranking, bases: sides.bases, base, ranker, gains: summary.gains })),
      (error: unknown) =>
        box.replaceChildren(h('p', { class: 'message' }, error instanceof Error ? error.message : String(error))),
    );
    return box;
  }

  function change(changes: Partial<RunPanelState>): void {
    state.change(changes);
    open.clear();
    ask();
  }

  function ask(): void {
    const { sort, queryText, outcome } = state.value;
    const { metric, base, ranker } = values();
    const delta = { metric, ranker, ...(base === ranker ? {} : { base }) };
    const valueOf = { base: { metric, ranker: base }, ranker: { metric, ranker }, delta };
    const isValue = sort.column in valueOf;
    pager.setOrder({
      sort: {
        key: isValue ? 'value' : (sort.column as 'order' | 'text' | 'products'),
        isDescending: sort.isDescending,
      },
      value: isValue ? valueOf[sort.column as keyof typeof valueOf] : delta,
      delta,
      filter: { ...(queryText === '' ? {} : { text: queryText }), ...(outcome === null ? {} : { outcome }) },
    });
    headers.forEach(({ column, cell }) => {
      const isSorted = column === sort.column;
      setAttr(cell, 'aria-sort', isSorted ? (sort.isDescending ? 'descending' : 'ascending') : undefined);
    });
    outcomeButtons.forEach((element, i) =>
      setAttr(element, 'aria-pressed', OUTCOMES[i] === outcome ? 'true' : 'false'),
    );
  }

  function clearFilter(): void {
    filter.value = '';
    change({ queryText: '', outcome: null });
  }

  const filter = elementOf(
    <SearchField
      label="Filter queries"
      placeholder="Filter ( / )"
      value={state.value.queryText}
      onSearch={(queryText) => {
        list.restore({ top: 0, active: 0 });
        change({ queryText });
      }}
    />,
  ) as FieldElement;
  const outcomeButtons = OUTCOMES.map((outcome) => {
    const label = `Only queries that became ${OUTCOME_LOOK[outcome].word}`;
    const onClick = () => {
      const isChosen = state.value.outcome !== outcome;
      const { column } = state.value.sort;
      // Whoever asks for gains or losses wants the largest first, unless the order was chosen otherwise.
      const isFree = isChosen && outcome !== 'tie' && (column === 'order' || column === 'delta');
      change({
        outcome: isChosen ? outcome : null,
        ...(isFree ? { sort: { column: 'delta', isDescending: outcome === 'win' } } : {}),
      });
    };
    return h('button', {
      class: `plain-button num outcome-${outcome}`,
      attrs: { title: label, 'aria-label': label },
      on: { click: onClick },
    });
  });

  const header = (column: QueryColumn, label: string, className: string) => {
    const onClick = () => {
      const isSame = state.value.sort.column === column;
      // First the best of a value, the beginning of a text; again to turn round; a third time back to the data's order.
      const first = column !== 'text';
      const isBack = isSame && state.value.sort.isDescending !== first;
      change({
        sort: isBack ? { column: 'order', isDescending: false } : { column, isDescending: isSame ? !first : first },
      });
    };
    const cell = h(
      'span',
      { class: className, attrs: { role: 'columnheader' } },
      h('button', { class: 'plain-button', on: { click: onClick } }, label),
    );
    return { column, cell };
  };
  const hasBase = sides.base !== sides.ranker;
  const headers = [
    header('text', 'query', 'q-text'),
    header('products', 'products', 'q-products'),
    ...(hasBase ? [header('base', rankerLabel(values().base), 'q-base num')] : []),
    header('ranker', rankerLabel(sides.ranker), 'q-ranker num'),
    ...(hasBase ? [header('delta', 'Δ', 'q-delta num')] : []),
  ];
  const headRow = h(
    'div',
    { class: 'qrow qhead', attrs: { role: 'row' } },
    ...headers.map(({ cell }) => cell),
    hasBase && h('span', { class: 'q-bar', attrs: { role: 'columnheader', 'aria-label': 'Δ as a bar' } }),
  );
  const grid = h(
    'div',
    { class: 'qgrid', attrs: { role: 'treegrid', 'aria-label': 'Queries', 'aria-rowcount': summary.nQueries + 1 } },
    headRow,
    list.element,
    none,
  );
  grid.addEventListener('copy', (event) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const found = row === null ? undefined : pager.row(Number(row.dataset['index']));
    if (found === undefined || getSelection()?.isCollapsed === false) return;
    event.clipboardData?.setData('text/plain', rowAsTsv(found, values()));
    event.preventDefault();
  });

  const metricChoice = elementOf(
    <Dropdown
      label="Metric"
      choices={summary.metrics.map((name) => ({ value: name, label: metricLabel(name) }))}
      value={values().metric}
      onChange={(metric) => change({ metric })}
    />,
  );
  const baseChoice =
    sides.bases.length > 1 &&
    elementOf(
      <Dropdown
        label="Compare with"
        choices={sides.bases.map((name) => ({ value: name, label: `against ${rankerLabel(name)}` }))}
        value={sides.base}
        onChange={(base) => {
          change({ base });
          setText(headers.find(({ column }) => column === 'base')!.cell.firstChild!, rankerLabel(base));
        }}
      />,
    );
  const head = h(
    'div',
    { class: 'section-head' },
    h('h2', {}, 'Queries'),
    count,
    filter,
    hasBase && h('span', { class: 'outcomes', attrs: { role: 'group', 'aria-label': 'Outcome' } }, ...outcomeButtons),
    h('span', { class: 'spacer' }),
    metricChoice,
    baseChoice,
  );
  return { parts: [head, grid], filter, start: ask };
}
