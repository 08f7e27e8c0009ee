import { signal } from '@preact/signals';
import { maxOf, minOf } from '../../src/vocabulary/extremes.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import type { PanelRanking } from '../../src/protocol/panels/queries.ts';
import type { Label } from '../../src/vocabulary/label.ts';
import { LabelBadge } from '../shared/components/label-badge.tsx';
import { Segments } from '../shared/components/segments.tsx';
import { h, setText, svg } from '../shared/dom.ts';
import { deltaText, metricText, scoreText } from '../../src/vocabulary/words/metric.ts';
import { rankerLabel } from '../../src/vocabulary/ranker.ts';
import { elementOf } from '../shared/island.tsx';
import { LABEL_WORDS } from '../../src/vocabulary/label.ts';
import { markWords, rankProducts } from './ranked.ts';
import type { RankedItem } from './ranked.ts';
import './ranking.css';

/** A misplaced product is marked from this much lost nDCG on; less would mark almost every row. */
const MARKED_COST = 0.005;
const ROW = 24;
const GUTTER = 56;

export interface RankingOptions {
  readonly ranking: PanelRanking;
  /** What the left side can show; the person chooses where it is more than one. */
  readonly bases: readonly string[];
  /** Left side at first. */
  readonly base: string;
  /** Right side, whose moves are shown. */
  readonly ranker: string;
  readonly gains: Readonly<Record<Label, number>>;
}

/** A query's ranking under two rankers, side by side, lines joining the same product. */
export function createRanking(options: RankingOptions): HTMLElement {
  const bases = options.bases.filter((name) => ownOf(options.ranking.scores, name) !== undefined);
  const box = h('div');
  const draw = (base: string) => box.replaceChildren(sideBySide({ ...options, base }, head));
  const chosen = signal(options.base);
  const choose = (base: string) => {
    chosen.value = base;
    draw(base);
    // Drawing has taken the choice out and in again; which one it is now is marked a microtask later.
    queueMicrotask(() => head.querySelector<HTMLElement>('[aria-checked=true]')?.focus());
  };
  const Choice = () => (
    <Segments label="Compare with" values={bases} value={chosen.value} nameOf={rankerLabel} onChange={choose} />
  );
  const head = bases.length < 2 ? h('span', {}, rankerLabel(options.base)) : elementOf(<Choice />);
  draw(options.base);
  return box;
}

/** The two rankings; `leftHead` stands above the left one. */
function sideBySide({ ranking, base, ranker, gains }: RankingOptions, leftHead: HTMLElement): HTMLElement {
  const hasBase = base !== ranker && ownOf(ranking.scores, base) !== undefined;
  const left = hasBase ? rankProducts(ranking, base, ranker, gains) : [];
  const right = rankProducts(ranking, ranker, hasBase ? base : ranker, gains);
  const rowsOf = new Map<number, Element[]>();
  const remember = (index: number, element: Element) => rowsOf.set(index, [...(rowsOf.get(index) ?? []), element]);
  const details = h(
    'div',
    { class: 'product-details', attrs: { 'aria-live': 'polite' } },
    'Point at a product to see its scores and its place in the other ranking.',
  );

  const bars = barScale(right);
  const column = (title: string, items: readonly RankedItem[], isRight: boolean) =>
    h(
      'div',
      { class: `ranking-column ${isRight ? 'is-right' : 'is-left'}` },
      h('div', { class: 'ranking-head muted' }, isRight ? rankerLabel(title) : leftHead),
      h(
        'ol',
        { attrs: { 'aria-label': `Ranking of the ${rankerLabel(title)} model` } },
        ...items.map((item) => {
          const row = productRow(item, ranking.text, isRight && hasBase, isRight ? bars(item.score) : undefined);
          remember(item.index, row);
          return row;
        }),
      ),
    );

  const joins = hasBase ? joinLines(left, remember) : null;
  const element = h(
    'div',
    { class: `ranking ${hasBase ? '' : 'is-single'}` },
    hasBase && column(base, left, false),
    joins,
    column(ranker, right, true),
    details,
  );

  let lit: number | undefined;
  function light(index: number | undefined): void {
    if (index === lit) return;
    for (const row of rowsOf.get(lit ?? -1) ?? []) row.classList.remove('is-lit');
    lit = index;
    if (index === undefined) return;
    for (const row of rowsOf.get(index) ?? []) row.classList.add('is-lit');
    setText(details, detailsText(ranking, index, gains));
  }
  const indexAt = (event: Event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-product]');
    return row === null ? undefined : Number(row.dataset['product']);
  };
  element.addEventListener('pointerover', (event) => light(indexAt(event)));
  element.addEventListener('pointerleave', () => light(undefined));
  element.addEventListener('focusin', (event) => light(indexAt(event)));
  element.addEventListener('keydown', (event) => stepBetweenProducts(event));
  const first = element.querySelector<HTMLElement>('.is-right [data-product]');
  if (first !== null) first.tabIndex = 0;
  return element;
}

function productRow(item: RankedItem, query: string, hasMove: boolean, bar: number | undefined): HTMLElement {
  const { product, rank, otherRank, score, index, cost, swapRank } = item;
  const title = h('span', { class: 'product-title', attrs: { title: product.title } });
  title.append(...markWords(product.title, query).map(({ text, isMatch }) => (isMatch ? h('b', {}, text) : text)));
  const isMarked = cost >= MARKED_COST && swapRank !== undefined;
  const costText = isMarked
    ? `${LABEL_WORDS[product.label]} above a better product at rank ${swapRank}: costs ${metricText(cost)} nDCG`
    : '';
  return h(
    'li',
    {
      class: `product ${isMarked ? 'is-misplaced' : ''}`,
      attrs: { tabindex: -1, 'data-product': index, title: costText === '' ? undefined : costText },
    },
    h('span', { class: 'rank num' }, String(rank)),
    elementOf(<LabelBadge label={product.label} />),
    title,
    isMarked && h('span', { class: 'cost num', attrs: { 'aria-label': costText } }, deltaText(-cost)),
    hasMove && moveMark(otherRank - rank),
    bar !== undefined && h('span', { class: 'score num' }, scoreText(score)),
    bar !== undefined && h('span', { class: 'score-bar', style: { '--share': String(bar) } }),
  );
}

/** How many places a product rose (▲) or fell (▼). */
function moveMark(places: number): HTMLElement {
  if (places === 0) return h('span', { class: 'move num muted', attrs: { 'aria-label': 'same place' } }, '=');
  const [kind, mark, word] = places > 0 ? ['gain', '▲', 'up'] : ['loss', '▼', 'down'];
  return h(
    'span',
    { class: `move num ${kind}`, attrs: { 'aria-label': `${word} ${Math.abs(places)}` } },
    `${mark} ${Math.abs(places)}`,
  );
}

/** Scores as shares of their range, so that logits show as well as probabilities. */
function barScale(items: readonly RankedItem[]): (score: number) => number {
  const scores = items.map(({ score }) => score);
  const [low, high] = [minOf(scores, 0), maxOf(scores)];
  return (score) => (high > low ? (score - low) / (high - low) : 0);
}

function joinLines(left: readonly RankedItem[], remember: (index: number, element: Element) => void): SVGElement {
  const y = (rank: number) => (rank - 0.5) * ROW;
  const paths = left.map(({ rank, otherRank, product, index }) => {
    const [a, b] = [y(rank), y(otherRank)];
    const d = `M0 ${a}C${GUTTER / 2} ${a} ${GUTTER / 2} ${b} ${GUTTER} ${b}`;
    const path = svg('path', { d, class: `join join-${product.label}`, 'data-product': index });
    remember(index, path);
    return path;
  });
  const height = left.length * ROW;
  const picture = svg(
    'svg',
    { width: GUTTER, height, viewBox: `0 0 ${GUTTER} ${height}`, class: 'joins', 'aria-hidden': 'true' },
    ...paths,
  );
  return picture;
}

function detailsText(ranking: PanelRanking, index: number, gains: Readonly<Record<Label, number>>): string {
  const product = ranking.products[index]!;
  const places = Object.keys(ranking.scores).map((name) => {
    const item = rankProducts(ranking, name, name, gains).find((ranked) => ranked.index === index);
    return `${rankerLabel(name)} ${item?.rank ?? '–'} (${scoreText(item?.score)})`;
  });
  return `${product.id} · ${LABEL_WORDS[product.label]}, gain ${gains[product.label]} · rank (score): ${places.join(', ')} · ${product.title}`;
}

/** Arrow keys within a ranking: up and down its rows, left and right to the same place in the other one. */
function stepBetweenProducts(event: KeyboardEvent): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>('.product');
  if (row === null) return;
  const list = [...row.parentElement!.children] as HTMLElement[];
  const at = list.indexOf(row);
  const columns = [...row.closest('.ranking')!.querySelectorAll('ol')];
  const other = columns.find((ol) => ol !== row.parentElement);
  const next = {
    ArrowDown: list[at + 1],
    ArrowUp: list[at - 1],
    ArrowLeft: row.closest('.is-right') && other?.children[at],
    ArrowRight: row.closest('.is-left') && other?.children[at],
  }[event.key];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  next.focus();
}
