/** The columns of the table of runs, as data: pure functions of rows. */
import { ownOf } from '../../src/vocabulary/own.ts';
import type { ComparedDelta, ComparedRun } from '../../src/protocol/panels/compare-data.ts';
import { significantText } from '../../src/vocabulary/words/number.ts';
import { deltaText, intervalText, metricText, isSignificant } from '../../src/vocabulary/words/metric.ts';
import { pValueText } from '../../src/vocabulary/words/p-value.ts';
import { duration } from '../shared/format.ts';

/** What a cell is made of. */
export interface RunRow {
  readonly run: ComparedRun;
  readonly delta: ComparedDelta | undefined;
  readonly metric: string;
}

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly isNumber: boolean;
  readonly text: (row: RunRow) => string;
  readonly sortKey: (row: RunRow) => number | string;
}

/** Test if there is one, else the best evaluation on dev. */
export function bestValue({
  run,
  metric: name,
}: RunRow): { readonly value: number; readonly split: 'test' | 'dev' } | undefined {
  const test = ownOf(run.test, name);
  if (test !== undefined) return { value: test, split: 'test' };
  const dev = ownOf(run.dev?.metrics, name);
  return dev === undefined ? undefined : { value: dev, split: 'dev' };
}

const last = -Infinity;

/** Columns that every comparison has. */
const FIXED: readonly Column[] = [
  {
    id: 'value',
    label: 'best value',
    isNumber: true,
    text: (row) => {
      const best = bestValue(row);
      return best === undefined ? '–' : `${metricText(best.value)} ${best.split}`;
    },
    sortKey: (row) => bestValue(row)?.value ?? last,
  },
  {
    id: 'delta',
    label: 'Δ',
    isNumber: true,
    text: ({ delta: d }) => {
      const value = d?.meanDelta ?? 0;
      return `${value > 0 ? '▲ ' : value < 0 ? '▼ ' : ''}${deltaText(d?.meanDelta)}`;
    },
    sortKey: (row) => row.delta?.meanDelta ?? last,
  },
  {
    id: 'interval',
    label: '[95 %]',
    isNumber: true,
    text: ({ delta: d }) => {
      if (d?.interval === undefined) return d?.reason ?? '–';
      const [low, high] = d.interval as [number, number];
      return intervalText([low, high]) + (isSignificant([low, high]) ? '' : ' not significant');
    },
    sortKey: (row) => row.delta?.interval?.[0] ?? last,
  },
  {
    id: 'p',
    label: 'p',
    isNumber: true,
    text: (row) => (row.delta?.p === undefined ? '–' : pValueText(row.delta.p).replace('p = ', '').replace('p ', '')),
    sortKey: (row) => -(row.delta?.p ?? Infinity),
  },
  {
    id: 'loss',
    label: 'dev loss of best',
    isNumber: true,
    text: ({ run }) => (run.dev === undefined ? '–' : `${significantText(run.dev.loss)} at ${run.dev.step}`),
    sortKey: ({ run }) => -(run.dev?.loss ?? Infinity),
  },
  {
    id: 'duration',
    label: 'took',
    isNumber: true,
    text: ({ run }) => (run.durationMs === undefined ? '–' : duration(run.durationMs)),
    sortKey: ({ run }) => run.durationMs ?? last,
  },
];

/** Options that differ among the runs, as paths; what all have in common says nothing here. */
export function differingOptions(runs: readonly ComparedRun[]): string[] {
  const known = runs.filter(({ options }) => Object.keys(options).length > 0);
  const paths = new Set(known.flatMap(({ options }) => Object.keys(options)));
  return [...paths].filter((path) => new Set(known.map(({ options }) => ownOf(options, path))).size > 1);
}

/** All columns for these runs. */
export function columnsFor(runs: readonly ComparedRun[]): Column[] {
  const options = differingOptions(runs).map((path): Column => {
    const values = runs.map(({ options: own }) => ownOf(own, path));
    const isNumber = values.every((value) => value === undefined || !Number.isNaN(Number(value)));
    const text = ({ run }: RunRow) => ownOf(run.options, path) ?? '–';
    return {
      id: `option:${path}`,
      label: path.replace(/^hyperparameters\./, ''),
      isNumber,
      text,
      sortKey: (row) => (isNumber ? Number(ownOf(row.run.options, path) ?? NaN) || 0 : text(row)),
    };
  });
  return [...FIXED, ...options];
}

/** The rows whose name or any option contains all words, in the order of a column. */
export function arrange(
  rows: readonly RunRow[],
  columns: readonly Column[],
  filter: string,
  sort: { readonly column: string; readonly isDescending: boolean },
): RunRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter(({ run }) => {
    const text = [run.title, run.id, run.status, ...Object.values(run.options)].join(' ').toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const column = columns.find(({ id }) => id === sort.column);
  const keyOf = column?.sortKey ?? (({ run }: RunRow) => run.title);
  const sign = sort.isDescending ? -1 : 1;
  return kept.sort((a, b) => {
    const [x, y] = [keyOf(a), keyOf(b)];
    const order =
      typeof x === 'number' && typeof y === 'number'
        ? x === y
          ? 0
          : x - y
        : String(x).localeCompare(String(y), 'en', { numeric: true });
    return sign * order || (a.run.id < b.run.id ? -1 : 1);
  });
}
