import { modelOf } from '../../src/vocabulary/ranker.ts';
import type { ComparisonEvent, TestEvent } from '../../src/protocol/events.ts';
import type { Ranker } from '../../src/vocabulary/ranker.ts';
import { h } from '../shared/dom.ts';
import { delta, holdsZero, interval, metric, pValue, whole } from '../shared/format.ts';
import { metricDefinition, metricLabel } from '../shared/metric-name.ts';
import { scrollBox } from '../shared/scroll-box.ts';
import { isActive } from '../shared/status.ts';
import { tooltip } from '../shared/tooltip.ts';
import type { RunModel } from './model.ts';
import { referenceOf } from './reference.ts';
import type { Reference } from './reference.ts';
import { maxOf } from '../../src/vocabulary/extremes.ts';
import { ownOf } from '../../src/vocabulary/own.ts';

type Column = Ranker | 'delta';

/** Columns in reading order, floor first, ceiling last, with what each is. */
const COLUMNS = {
  random: { label: 'random', is: 'The floor: what a random order is expected to score.' },
  bm25: { label: 'BM25', is: 'A lexical ranking of the titles, without any model.' },
  pretrained: { label: 'pretrained', is: 'The model before this run trained it.' },
  baseline: {
    label: 'baseline',
    is: 'The model of the run that the experiment names as its baseline, on the same queries.',
  },
  'fine-tuned': { label: 'fine-tuned', is: 'The best model of this run.' },
  delta: { label: 'Δ [95 %]', is: 'The difference, with its paired bootstrap interval.' },
  ideal: { label: 'ideal', is: 'The ceiling: the best possible order.' },
} as const satisfies Readonly<Record<Column, { readonly label: string; readonly is: string }>>;

/** The metrics on the test queries of every ranker; until they are there, what will be and when. */
export function createTestTable(model: RunModel): { readonly element: HTMLElement; draw(): void } {
  const body = scrollBox();
  const count = h('span', { class: 'muted num test-count' });
  const element = h(
    'section',
    { attrs: { 'aria-label': 'Test' } },
    h('div', { class: 'section-head' }, h('h2', {}, 'Test'), count),
    body,
  );
  let shown = '';

  function draw(): void {
    const { facts } = model;
    const reference = referenceOf(model);
    const now = JSON.stringify([
      reference,
      facts?.tests,
      facts?.comparisons,
      facts?.started?.nTestQueries,
      placeholderText(model),
    ]);
    if (now === shown) return;
    shown = now;
    const tests = facts?.tests ?? {};
    const nQueries = Object.values(tests)[0]?.nQueries ?? facts?.started?.nTestQueries;
    const against = reference === undefined ? '' : `, Δ against ${reference.words}`;
    count.textContent = nQueries === undefined ? '' : `${whole(nQueries)} queries${against}`;
    const isEmpty = Object.keys(tests).length === 0;
    body.replaceChildren(
      isEmpty
        ? h('p', { class: 'muted placeholder' }, placeholderText(model))
        : table(tests, facts?.comparisons ?? {}, reference),
    );
  }
  return { element, draw };
}

function placeholderText({ facts, about }: RunModel): string {
  const progress = facts?.progress;
  if (facts?.phase === 'test' && progress !== undefined && progress.total !== null) {
    return `Scoring the test queries: ${whole(progress.done)} of ${whole(progress.total)} ${progress.what}.`;
  }
  const what = 'The metrics of random order, BM25, the pretrained and the fine-tuned model, and their ceiling';
  if (about === undefined || isActive(about.status) || about.status === 'finished')
    return `${what} appear here by themselves when training is over.`;
  const next = about.isResumable ? 'Resume it' : 'Start it again';
  return `${what} would stand here; the run ended before. ${next} to get them.`;
}

function table(
  tests: RunModelTests,
  comparisons: Readonly<Record<string, ComparisonEvent>>,
  reference: Reference | undefined,
): HTMLElement {
  const metrics = Object.keys(Object.values(tests)[0]?.metrics ?? {});
  const hasDelta = Object.keys(comparisons).length > 0;
  const columns = (Object.keys(COLUMNS) as Column[]).filter((c) => (c === 'delta' ? hasDelta : tests[c] !== undefined));
  const model = modelOf(Object.keys(tests));
  const head = columns.map((column) => {
    const cell = h('th', { class: 'num', attrs: { scope: 'col', tabindex: 0 } }, COLUMNS[column].label);
    tooltip(cell, meaningOf(column, reference));
    return cell;
  });
  const rows = metrics.map((name) => {
    const excluded = maxOf(
      Object.values(tests).map((test) => ownOf(test.excluded, name) ?? 0),
      0,
    );
    const cells = columns.map((column) =>
      column === 'delta'
        ? deltaCell(ownOf(comparisons, name))
        : h('td', { class: column === model ? 'num strong' : 'num' }, metric(ownOf(tests[column]?.metrics, name))),
    );
    return h('tr', {}, metricCell(name, excluded), ...cells);
  });
  return h(
    'table',
    { class: 'table is-pinned' },
    h('thead', {}, h('tr', {}, h('th', { attrs: { scope: 'col' } }, 'metric'), ...head)),
    h('tbody', {}, ...rows),
  );
}

/** What a column is; for what depends on the run, with its words. */
function meaningOf(column: Column, reference: Reference | undefined): string {
  if (column === 'delta' && reference !== undefined) {
    return `The ${reference.ranker} model minus ${reference.words}, with the paired bootstrap interval.`;
  }
  return COLUMNS[column].is;
}

type RunModelTests = Readonly<Partial<Record<Ranker, TestEvent>>>;

function metricCell(name: string, nExcluded: number): HTMLElement {
  const cell = h('th', { attrs: { scope: 'row', tabindex: 0 } }, h('span', { class: 'defined' }, metricLabel(name)));
  const note =
    nExcluded > 0
      ? ` ${whole(nExcluded)} queries are left out or count 0, because nothing in them tells rankings apart.`
      : '';
  if (nExcluded > 0) cell.append(h('span', { class: 'muted' }, ` −${whole(nExcluded)}`));
  tooltip(cell, metricDefinition(name) + note);
  return cell;
}

function deltaCell(comparison: ComparisonEvent | undefined): HTMLElement {
  if (comparison === undefined) return h('td', { class: 'num' }, '–');
  const { meanDelta, p, wins, ties, losses } = comparison;
  const isOpen = holdsZero(comparison.interval);
  const kind = isOpen ? '' : meanDelta > 0 ? 'gain' : 'loss';
  const mark = meanDelta > 0 ? '▲' : meanDelta < 0 ? '▼' : '';
  const cell = h(
    'td',
    { class: 'num', attrs: { tabindex: 0 } },
    h('span', { class: kind }, `${mark} ${delta(meanDelta)}`),
    h('span', { class: 'muted' }, ` ${interval(comparison.interval)}${isOpen ? ' not significant' : ''}`),
  );
  tooltip(
    cell,
    `${pValue(p)} (paired randomisation). ${whole(wins)} queries better, ${whole(ties)} equal, ${whole(losses)} worse.`,
  );
  return cell;
}
