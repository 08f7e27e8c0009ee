import { nearestName } from '../../metrics/nearest-name.ts';
import { baseOf, modelOf } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { openRankings } from '../../rankings/rankings.ts';
import type { Rankings } from '../../rankings/rankings.ts';
import type { PageRow, SortKey } from '../../rankings/rankings-page.ts';
import type { Cli, CommonOptions } from '../cli-context.ts';
import { deltaText, metricText } from '../../vocabulary/words/metric.ts';
import { countText } from '../../vocabulary/words/number.ts';
import { formatTable } from '../format/format-table.ts';
import type { TableCell } from '../format/format-table.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint } from '../format/paint.ts';
import { outJson, outLines } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { oneLine } from '../format/text-width.ts';

/** Orders of the list of queries. `delta`: the biggest losses, then the biggest gains. */
export const QUERY_SORTS = ['delta', 'loss', 'gain', 'order', 'text', 'products'] as const;
export type QuerySort = (typeof QUERY_SORTS)[number];

export interface QueriesOptions {
  readonly sort: QuerySort;
  readonly limit: string;
  readonly metric?: string;
}

/** What a run's test queries are listed by. */
interface Listing {
  readonly metric: string;
  /** The ranker whose metric is shown, and the one that it is compared with. */
  readonly ranker: string;
  readonly base: string | undefined;
}

/** A part of the list under its own title. */
interface Part {
  readonly title: string;
  readonly rows: readonly PageRow[];
}

/**
 * Opens the test rankings of a run.
 * @throws ProblemError `no-rankings`, and as `openRankings` does
 */
export async function testRankings({ runDir, id }: RunEntry): Promise<Rankings> {
  const rankings = await openRankings(runDir, 'test');
  if (rankings !== undefined) return rankings;
  throw new ProblemError({
    code: 'no-rankings',
    message: 'This run has no test rankings yet: they are stored once, at its end.',
    where: id,
  });
}

/** Prints test queries with the metric of the run's model and of its base: what was gained and lost, query by query. */
export async function showQueries(
  { terminal }: Cli,
  run: RunEntry,
  limit: number,
  options: QueriesOptions & CommonOptions,
): Promise<void> {
  const rankings = await testRankings(run);
  try {
    const listing = listingOf(rankings, options.metric ?? run.record.headline);
    const parts = partsOf(rankings, listing, options.sort, limit);
    if (options.json) outJson(terminal, { id: run.id, ...listing, parts });
    else for (const part of parts) printPart(terminal, part, listing);
  } finally {
    await rankings.close();
  }
}

function listingOf({ metrics, rankers }: Rankings, wanted: string | undefined): Listing {
  const metric = wanted ?? metrics[0] ?? '';
  if (!metrics.includes(metric)) {
    const meant = nearestName(metric, metrics);
    const hint = meant === undefined ? '' : ` Did you mean ${meant}?`;
    throw new ProblemError({
      code: 'unknown-metric',
      message: `Found ${metric}, expected one of ${metrics.join(', ')}.${hint}`,
      where: '--metric',
    });
  }
  return { metric, ranker: modelOf(rankers), base: baseOf(rankers) };
}

function partsOf(rankings: Rankings, { metric, ranker, base }: Listing, sort: QuerySort, limit: number): Part[] {
  const value = { metric, ranker, ...(base === undefined ? {} : { base }) };
  const { total } = rankings.page({ offset: 0, limit: 0 });
  const byValue = (isDescending: boolean, outcome?: 'win' | 'loss') =>
    rankings.page({
      sort: { key: 'value', isDescending },
      value,
      ...(outcome === undefined || base === undefined ? {} : { filter: { outcome } }),
      offset: 0,
      limit,
    });
  const by = (key: SortKey): Part => {
    const { rows } = rankings.page({ sort: { key, isDescending: key === 'products' }, offset: 0, limit });
    return { title: titleOf('test queries', rows.length, total), rows };
  };
  const losses = (): Part => {
    const page = byValue(false, 'loss');
    return {
      title: titleOf(base === undefined ? 'worst queries' : 'biggest losses', page.rows.length, page.total),
      rows: page.rows,
    };
  };
  const gains = (): Part => {
    const page = byValue(true, 'win');
    return {
      title: titleOf(base === undefined ? 'best queries' : 'biggest gains', page.rows.length, page.total),
      rows: page.rows,
    };
  };
  const parts: Readonly<Record<QuerySort, () => Part[]>> = {
    delta: () => [losses(), gains()],
    loss: () => [losses()],
    gain: () => [gains()],
    order: () => [by('order')],
    text: () => [by('text')],
    products: () => [by('products')],
  };
  return parts[sort]();
}

function titleOf(what: string, n: number, total: number): string {
  return `${what} (${countText(n)} of ${countText(total)})`;
}

function printPart(terminal: Terminal, { title, rows }: Part, listing: Listing): void {
  const { paint } = terminal;
  const columns = [
    { header: 'Δ', align: 'right' as const },
    { header: listing.base ?? '', align: 'right' as const },
    { header: listing.ranker, align: 'right' as const },
    { header: 'E/S/C/I' },
    { header: 'query', shrinkTo: 16 },
    { header: 'id' },
  ];
  // Without a model to compare with there is nothing to subtract.
  const from = listing.base === undefined ? 2 : 0;
  const cells = rows.map((row) => rowCells(row, listing).slice(from));
  const lines = formatTable(columns.slice(from), cells, { paint, width: terminal.width() });
  outLines(terminal, [paint('bold', `${metricLabel(listing.metric)}: ${title}`), ...lines]);
}

function rowCells({ id, text, counts, metrics }: PageRow, { metric, ranker, base }: Listing): TableCell[] {
  const after = ownOf(ownOf(metrics, ranker), metric) ?? null;
  const before = base === undefined ? null : (ownOf(ownOf(metrics, base), metric) ?? null);
  return [
    after === null || before === null ? '–' : deltaCell(after - before),
    metricText(before),
    metricText(after),
    `${counts.E}/${counts.S}/${counts.C}/${counts.I}`,
    oneLine(text),
    id,
  ];
}

/** A difference, green for a gain. */
function deltaCell(delta: number): { text: string; style: Parameters<Paint>[0] } {
  return { text: deltaText(delta), style: delta > 0 ? 'green' : delta < 0 ? 'red' : 'dim' };
}
