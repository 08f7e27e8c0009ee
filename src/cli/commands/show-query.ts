import type { Label } from '../../vocabulary/label.ts';
import { orderByScore } from '../../metrics/score-order.ts';
import { baseOf, modelOf, RANKERS } from '../../vocabulary/ranker.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import type { Rankings } from '../../rankings/rankings.ts';
import type { RankedQuery } from '../../rankings/rankings-format.ts';
import type { PageRow } from '../../rankings/rankings-page.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { metricText } from '../../vocabulary/words/metric.ts';
import { formatTable } from '../format/format-table.ts';
import type { TableCell, TableColumn } from '../format/format-table.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint, Style } from '../format/paint.ts';
import { testRankings } from './show-queries.ts';
import { outJson, outLines } from '../terminal.ts';
import { oneLine } from '../format/text-width.ts';

/** Models whose metrics are told. */
const MODELS = RANKERS.filter((ranker) => !['random', 'bm25', 'ideal'].includes(ranker));

const LABEL_STYLES = { E: 'green', S: 'cyan', C: 'yellow', I: 'red' } as const satisfies Record<Label, Style>;

/** Most queries that a message names. */
const MAX_NAMED = 8;

/** Prints one test query's ranking under the run's model and its base. */
export async function showQuery(
  { terminal }: Cli,
  run: RunEntry,
  wanted: string,
  limit: number,
  options: CommonOptions,
): Promise<void> {
  const rankings = await testRankings(run);
  try {
    const row = findQuery(rankings, wanted);
    const query = (await rankings.query(row.id))!;
    if (options.json) outJson(terminal, { run: run.id, ...query, metrics: row.metrics });
    else outLines(terminal, formatQuery(query, row, { paint: terminal.paint, width: terminal.width(), limit }));
  } finally {
    await rankings.close();
  }
}

/** The query of an id or text; else the only one that contains all the words. */
function findQuery(rankings: Rankings, wanted: string): PageRow {
  const pageOf = (text: string) => rankings.page({ filter: { text }, offset: 0, limit: 10_000 }).rows;
  const byId = rankings.index.ids.indexOf(wanted);
  if (byId >= 0) return rankings.page({ offset: byId, limit: 1 }).rows[0]!;
  const found = pageOf(wanted);
  const same = found.filter(({ text }) => text.trim().toLowerCase() === wanted.trim().toLowerCase());
  const rows = same.length > 0 ? same : found;
  if (rows.length === 1) return rows[0]!;
  const named = rows.slice(0, MAX_NAMED).map(({ id, text }) => `  ${id}  ${oneLine(text)}`);
  throw new ProblemError({
    code: rows.length === 0 ? 'no-query' : 'several-queries',
    message:
      rows.length === 0
        ? `No test query has the id or the words "${wanted}".`
        : `${rows.length} test queries match "${wanted}":\n${named.join('\n')}${rows.length > MAX_NAMED ? '\n  …' : ''}`,
    where: '--query',
    next: rows.length === 0 ? '--queries lists them.' : 'Give the id of one.',
  });
}

interface QueryOptions {
  readonly paint: Paint;
  readonly width: number;
  /** Most ranks that are shown. */
  readonly limit: number;
}

/** A query's rankings as lines: a row per rank, a product of each model in it, and how far it moved from the base. */
export function formatQuery(query: RankedQuery, row: PageRow, { paint, width, limit }: QueryOptions): string[] {
  const rankers = Object.keys(query.scores);
  const models = [baseOf(rankers), modelOf(rankers)].flatMap((name) =>
    name !== undefined && rankers.includes(name) ? [name] : [],
  );
  const orders = models.map((name) => orderByScore(query.scores[name]!));
  const ranksBefore = models.length === 2 ? ranksOf(orders[0]!) : undefined;
  const columns: TableColumn[] = [
    { header: '#', align: 'right' },
    ...models.flatMap((name, i): TableColumn[] => [
      ...(i === 1 ? [{ header: '', align: 'right' as const }] : []),
      { header: '' },
      { header: name, shrinkTo: 16 },
    ]),
  ];
  const n = Math.min(limit, query.products.length);
  const rows = Array.from({ length: n }, (_, rank): TableCell[] => [
    String(rank + 1),
    ...orders.flatMap((order, i): TableCell[] => {
      const index = order[rank]!;
      const { label, title } = query.products[index]!;
      return [
        ...(i === 1 ? [moveCell(ranksBefore![index]! - rank)] : []),
        { text: label, style: LABEL_STYLES[label] },
        oneLine(title),
      ];
    }),
  ]);
  const hidden = query.products.length - n;
  return [
    `${paint('bold', oneLine(query.text))}  ${paint('dim', query.id)}`,
    ...MODELS.flatMap((name) => (rankers.includes(name) ? [`${name}: ${metricsText(row.metrics[name] ?? {})}`] : [])),
    ...formatTable(columns, rows, { paint, width }),
    ...(hidden > 0 ? [paint('dim', `… ${hidden} more (--limit)`)] : []),
  ];
}

function ranksOf(order: readonly number[]): number[] {
  const ranks: number[] = [];
  order.forEach((index, rank) => (ranks[index] = rank));
  return ranks;
}

/** How many ranks a product moved up or down. */
function moveCell(up: number): TableCell {
  if (up === 0) return '';
  return up > 0 ? { text: `▲${up}`, style: 'green' } : { text: `▼${-up}`, style: 'red' };
}

function metricsText(metrics: Readonly<Record<string, number | null>>): string {
  const texts = Object.entries(metrics).map(([name, value]) => `${metricLabel(name)} ${metricText(value)}`);
  return texts.join('  ');
}
