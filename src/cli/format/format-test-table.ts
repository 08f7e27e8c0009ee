import { findMetric } from '../../metrics/metric-table.ts';
import type { ComparisonEvent, TestEvent } from '../../protocol/events.ts';
import type { RankerName } from '../../vocabulary/ranker.ts';
import { baseOf, modelOf, rankerLabel, RANKERS } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { RunState } from '../../protocol/run-state.ts';
import { deltaText, doubtText, intervalText, isSignificant, metricText } from '../../vocabulary/words/metric.ts';
import { counted } from '../../vocabulary/words/number.ts';
import { pValueText } from '../../vocabulary/words/p-value.ts';
import { formatTable, tableWidth } from './format-table.ts';
import type { TableCell, TableColumn } from './format-table.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint, Style } from './paint.ts';

type TestResults = Pick<RunState, 'tests' | 'comparisons' | 'warnings'>;

interface TestTableOptions {
  readonly paint: Paint;
  readonly width: number;
  readonly isSynthetic: boolean;
  /** Id of the run that is the ranker `baseline`. */
  readonly baseline: string | undefined;
}

/**
 * The metrics on test as lines: a row per metric; floor, lexical, models, difference with its 95 % interval, ceiling; what
 * was excluded as footnotes. Where the screen is too narrow the intervals follow below the table. None before the test.
 */
export function formatTestTable(results: TestResults, options: TestTableOptions): string[] {
  const first = Object.values(results.tests)[0];
  if (first === undefined) return [];
  const { paint, width, isSynthetic, baseline } = options;
  const badge = isSynthetic ? ` ${paint('yellow', '[synthetic]')}` : '';
  const title = `${paint('bold', `Test set, ${counted(first.nQueries, 'query', 'queries')}`)}${badge}`;
  const wide = tableLines(results, Object.keys(first.metrics), paint, true);
  const isWide = tableWidth(wide) <= width;
  return [
    title,
    ...(isWide ? wide : tableLines(results, Object.keys(first.metrics), paint, false)),
    ...(isWide
      ? []
      : Object.values(results.comparisons).map((c) => `  ${metricLabel(c.metric)}: ${comparisonText(c)}`)),
    ...footnotes(results, isSynthetic, baseline).map((note) => paint('dim', note)),
  ];
}

/** `+0.0312 [+0.0101, +0.0520] p = 0.003`, and `not significant` where the interval holds 0. */
export function comparisonText({ meanDelta, interval, p }: ComparisonEvent): string {
  return `${deltaText(meanDelta)} ${intervalText(interval)} ${pValueText(p)}${doubtText(interval)}`;
}

function tableLines(
  { tests, comparisons }: TestResults,
  metrics: readonly string[],
  paint: Paint,
  hasIntervals: boolean,
): string[] {
  const rankers = RANKERS.filter((ranker) => tests[ranker] !== undefined);
  const hasDelta = Object.keys(comparisons).length > 0;
  const last = rankers.findLast((ranker) => ranker !== 'ideal');
  const columnsOf = (ranker: RankerName): TableColumn[] => [
    { header: rankerLabel(ranker), align: 'right' },
    ...(ranker === last && hasDelta ? [{ header: hasIntervals ? 'Δ [95 % interval]' : 'Δ' }] : []),
  ];
  const rows = metrics.map((metric): TableCell[] => [
    metricLabel(metric),
    ...rankers.flatMap((ranker): TableCell[] => [
      metricText(ownOf(tests[ranker]?.metrics, metric)),
      ...(ranker === last && hasDelta ? [deltaCell(ownOf(comparisons, metric), hasIntervals)] : []),
    ]),
  ]);
  return formatTable([{ header: 'metric' }, ...rankers.flatMap(columnsOf)], rows, { paint });
}

function deltaCell(comparison: ComparisonEvent | undefined, hasInterval: boolean): TableCell {
  if (comparison === undefined) return '–';
  const text = hasInterval ? comparisonText(comparison) : deltaText(comparison.meanDelta);
  return { text, style: deltaStyle(comparison) };
}

function deltaStyle({ meanDelta, interval }: ComparisonEvent): Style {
  if (!isSignificant(interval)) return 'dim';
  return meanDelta > 0 ? 'green' : 'red';
}

function footnotes(
  { tests, comparisons, warnings }: TestResults,
  isSynthetic: boolean,
  baseline: string | undefined,
): string[] {
  const hasNewHead = warnings.some(({ problem }) => problem.code === 'head-initialised');
  const rankers = Object.keys(tests);
  const base = Object.keys(comparisons).length > 0 ? baseOf(rankers) : undefined;
  return [
    ...(base === undefined ? [] : [`Δ is ${modelOf(rankers)} − ${base}.`]),
    ...(baseline === undefined ? [] : [`"baseline" is the model of run ${baseline}.`]),
    ...excludedNotes(Object.values(tests)),
    ...(hasNewHead
      ? ['The pretrained model has no head: "pretrained" is its bare encoder as bi-encoder (cosine).']
      : []),
    ...(isSynthetic ? ['Generated data shows how the tool works, not ranking quality.'] : []),
  ];
}

/** One note per count and kind of exclusion; a metric leaves the same queries out for every ranker. */
function excludedNotes(tests: readonly TestEvent[]): string[] {
  const counts = new Map(tests.flatMap(({ excluded }) => Object.entries(excluded)));
  const metricsByNote = new Map<string, string[]>();
  for (const [metric, n] of counts) {
    const isZero = findMetric(metric)?.whenEmpty === 'zero';
    const note = `${counted(n, 'query', 'queries')} ${isZero ? `${n === 1 ? 'counts' : 'count'} 0 in` : 'left out of'}`;
    const metrics = metricsByNote.get(note);
    if (metrics === undefined) metricsByNote.set(note, [metricLabel(metric)]);
    else metrics.push(metricLabel(metric));
  }
  return [...metricsByNote].map(([note, metrics]) => `${note} ${metrics.join(', ')}.`);
}
