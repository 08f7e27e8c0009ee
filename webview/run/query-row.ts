import { ownOf } from '../../src/vocabulary/own.ts';
import { LABELS } from '../../src/vocabulary/label.ts';
import type { QueryRow } from '../../src/protocol/panels/queries.ts';
import { h, icon } from '../shared/dom.ts';
import { deltaText, metricText } from '../../src/vocabulary/words/metric.ts';
import { LABEL_WORDS } from '../../src/vocabulary/label.ts';

/** What the value columns of the table refer to. */
export interface QueryValues {
  readonly metric: string;
  readonly base: string;
  readonly ranker: string;
}

/** Deltas fill half the bar at this size; larger ones are cut. */
const FULL_DELTA = 0.5;

/** A query's values under both rankers, and their difference; NaN where there is none. */
export function valuesOf(
  row: QueryRow,
  { metric: name, base, ranker }: QueryValues,
): { base: number; ranker: number; delta: number } {
  const [before, after] = [
    ownOf(ownOf(row.metrics, base), name) ?? NaN,
    ownOf(ownOf(row.metrics, ranker), name) ?? NaN,
  ];
  return { base: before, ranker: after, delta: after - before };
}

/** A row of the query table; grey shapes while its values are on their way. */
export function queryRow(row: QueryRow | undefined, values: QueryValues, isOpen: boolean): HTMLElement {
  if (row === undefined)
    return h('div', { class: 'qrow', attrs: { role: 'row', 'aria-busy': 'true' } }, h('span', { class: 'skeleton' }));
  const { base, ranker, delta: difference } = valuesOf(row, values);
  const cell = (className: string, ...children: (Node | string | false)[]) =>
    h('span', { class: className, attrs: { role: 'gridcell' } }, ...children);
  return h(
    'div',
    { class: `qrow ${isOpen ? 'is-open' : ''}`, attrs: { role: 'row' } },
    cell(
      'q-text',
      icon(isOpen ? 'chevron-down' : 'chevron-right'),
      h('span', { class: 'q-words', attrs: { title: row.text } }, row.text),
    ),
    cell('q-products', labelBar(row.counts)),
    values.base !== values.ranker && cell('q-base num', metricText(base)),
    cell('q-ranker num', metricText(ranker)),
    values.base !== values.ranker &&
      cell(`q-delta num ${difference > 0 ? 'gain' : difference < 0 ? 'loss' : 'muted'}`, deltaText(difference)),
    values.base !== values.ranker && cell('q-bar', deltaBar(difference)),
  );
}

/** A row as tab-separated text, for the clipboard. */
export function rowAsTsv(row: QueryRow, values: QueryValues): string {
  const { base, ranker, delta: difference } = valuesOf(row, values);
  const counts = LABELS.map((label) => row.counts[label]);
  return [row.id, row.text, ...counts, base, ranker, difference]
    .map((value) => (Number.isNaN(value) ? '' : value))
    .join('\t');
}

/** The query's products by label as one bar, in words for readers. */
function labelBar(counts: QueryRow['counts']): HTMLElement {
  const present = LABELS.filter((label) => counts[label] > 0);
  const words = present.map((label) => `${counts[label]} ${LABEL_WORDS[label]}`).join(', ');
  const parts = present.map((label) =>
    h('span', { class: `part label-${label}`, style: { 'flex-grow': String(counts[label]) } }, label),
  );
  return h('span', { class: 'label-bar', attrs: { role: 'img', 'aria-label': words, title: words } }, ...parts);
}

function deltaBar(value: number): HTMLElement {
  const share = Math.min(1, Math.abs(Number.isNaN(value) ? 0 : value) / FULL_DELTA);
  const kind = value > 0 ? 'is-gain' : 'is-loss';
  return h('span', {
    class: `delta-bar ${kind}`,
    style: { '--share': String(share) },
    attrs: { 'aria-hidden': 'true' },
  });
}
