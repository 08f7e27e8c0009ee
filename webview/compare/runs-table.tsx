import type { RunAction } from '../../src/protocol/panels/actions.ts';
import { STATUSES } from '../../src/vocabulary/status.ts';
import { h, icon, setAttr } from '../shared/dom.ts';
import { timeText } from '../../src/vocabulary/words/time.ts';
import { elementOf } from '../shared/island.tsx';
import { Swatch } from '../shared/components/swatch.tsx';
import { runLook } from '../shared/run-look.ts';
import type { Column, RunRow } from './columns.ts';
import type { CompareState } from './state.ts';
import '../shared/components/table.css';

export interface TableEvents {
  readonly onSort: (column: string) => void;
  readonly onBaseline: (id: string) => void;
  readonly onToggleRun: (id: string) => void;
  readonly act: (action: RunAction, runId: string) => void;
}

/** The table of runs: a real one, so that selecting and copying gives tab-separated text. */
export function runsTable(
  rows: readonly RunRow[],
  columns: readonly Column[],
  state: CompareState,
  events: TableEvents,
): HTMLElement {
  const heads = [{ id: 'name', label: 'run', isNumber: false }, ...columns].map(({ id, label, isNumber }) => {
    const isSorted = state.sort.column === id;
    const arrow = isSorted ? (state.sort.isDescending ? ' ↓' : ' ↑') : '';
    const button = h('button', { class: 'plain-button', on: { click: () => events.onSort(id) } }, label + arrow);
    const cell = h('th', { class: isNumber ? 'num' : '', attrs: { scope: 'col' } }, button);
    setAttr(cell, 'aria-sort', isSorted ? (state.sort.isDescending ? 'descending' : 'ascending') : undefined);
    return cell;
  });
  const lines = rows.map((row) => {
    const cells = columns.map((column) => h('td', { class: cellClass(column, row) }, column.text(row)));
    return h(
      'tr',
      { class: row.run.id === state.baselineId ? 'is-baseline' : '' },
      nameCell(row, state, events),
      ...cells,
    );
  });
  return h(
    'table',
    { class: 'table runs' },
    h('thead', {}, h('tr', {}, ...heads)),
    h('tbody', { on: { keydown: stepRows } }, ...lines),
  );
}

function cellClass({ id, isNumber }: Column, { delta }: RunRow): string {
  const [low = 0, high = 0] = delta?.interval ?? [];
  const kind = id !== 'delta' || (low <= 0 && high >= 0) ? '' : low > 0 ? 'gain' : 'loss';
  return `${isNumber ? 'num' : ''} ${kind}`.trim();
}

function nameCell({ run }: RunRow, state: CompareState, { onBaseline, onToggleRun, act }: TableEvents): HTMLElement {
  const isBaseline = run.id === state.baselineId;
  const isShown = !state.hiddenRuns.includes(run.id);
  const toggle = (label: string, name: string, isPressed: boolean, onClick: () => void) =>
    h(
      'button',
      {
        class: 'plain-button',
        attrs: { 'aria-pressed': isPressed ? 'true' : 'false', 'aria-label': label, title: label },
        on: { click: onClick },
      },
      icon(name),
    );
  const look = STATUSES[run.status];
  return h(
    'th',
    { attrs: { scope: 'row' } },
    h(
      'span',
      { class: 'run-name' },
      toggle(`Baseline: ${run.title}`, isBaseline ? 'star-full' : 'star-empty', isBaseline, () => onBaseline(run.id)),
      toggle(`Draw the curves of ${run.title}`, isShown ? 'eye' : 'eye-closed', isShown, () => onToggleRun(run.id)),
      elementOf(<Swatch {...runLook(run.id)} width={3} />),
      h('span', {
        class: `codicon codicon-${look.icon}`,
        attrs: { role: 'img', 'aria-label': look.word, title: run.problem ?? look.word },
      }),
      h(
        'button',
        {
          class: 'plain-button link',
          attrs: { title: `${run.id}\ncreated ${timeText(run.createdAt)}` },
          on: { click: () => act('openRun', run.id) },
        },
        run.title,
      ),
    ),
  );
}

/** ↑ and ↓ go to the same control of the row above or below. */
function stepRows(event: KeyboardEvent): void {
  const row = (event.target as HTMLElement).closest('tr');
  const next = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling }[event.key];
  if (row === null || !(next instanceof HTMLElement)) return;
  const at = [...row.querySelectorAll('button')].indexOf(event.target as HTMLButtonElement);
  event.preventDefault();
  next.querySelectorAll('button')[at]?.focus();
}
