import { modelOf } from '../../src/vocabulary/ranker.ts';
import type { ComparisonEvent, TestEvent } from '../../src/protocol/events.ts';
import type { RankerName } from '../../src/vocabulary/ranker.ts';
import { maxOf } from '../../src/vocabulary/extremes.ts';
import { ownOf } from '../../src/vocabulary/own.ts';
import { Delta } from '../shared/components/delta.tsx';
import { Table } from '../shared/components/table.tsx';
import type { Cell, Column as TableColumn } from '../shared/components/table.tsx';
import { metricText } from '../../src/vocabulary/words/metric.ts';
import { pValueText } from '../../src/vocabulary/words/p-value.ts';
import { countText } from '../../src/vocabulary/words/number.ts';
import { metricLabel } from '../../src/metrics/metric-label.ts';
import { metricDefinition } from '../shared/metric-definition.ts';
import { isOver } from '../../src/vocabulary/status.ts';
import { referenceOf } from './reference.ts';
import type { Reference } from './reference.ts';
import type { RunSnapshot } from './run-snapshot.ts';

type Column = RankerName | 'delta';

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
export function TestTable({ run }: { readonly run: RunSnapshot }) {
  const { facts } = run;
  const tests = facts?.tests ?? {};
  const reference = referenceOf(run);
  const nQueries = Object.values(tests)[0]?.nQueries ?? facts?.started?.nTestQueries;
  const against = reference === undefined ? '' : `, Δ against ${reference.words}`;
  const isEmpty = Object.keys(tests).length === 0;
  return (
    <section aria-label="Test">
      <div class="section-head">
        <h2>Test</h2>
        <span class="muted num test-count">{nQueries !== undefined && `${countText(nQueries)} queries${against}`}</span>
      </div>
      {isEmpty ? (
        <p class="muted placeholder">{placeholderText(run)}</p>
      ) : (
        <Table
          rowHead={{ label: 'metric', cell: (name: string) => metricCell(name, tests) }}
          columns={columnsOf(tests, facts?.comparisons ?? {}, reference)}
          rows={Object.keys(Object.values(tests)[0]?.metrics ?? {})}
          keyOf={(name) => name}
        />
      )}
    </section>
  );
}

function placeholderText({ facts, about }: RunSnapshot): string {
  const progress = facts?.progress;
  if (facts?.phase === 'test' && progress !== undefined && progress.total !== null) {
    return `Scoring the test queries: ${countText(progress.done)} of ${countText(progress.total)} ${progress.what}.`;
  }
  const what = 'The metrics of random order, BM25, the pretrained and the fine-tuned model, and their ceiling';
  if (about === undefined || !isOver(about.status) || about.status === 'finished')
    return `${what} appear here by themselves when training is over.`;
  const next = about.isResumable ? 'Resume it' : 'Start it again';
  return `${what} would stand here; the run ended before. ${next} to get them.`;
}

type Tests = Readonly<Partial<Record<RankerName, TestEvent>>>;
type Comparisons = Readonly<Record<string, ComparisonEvent>>;

/** The columns of the rankers that there are; a row is the name of a metric. */
function columnsOf(tests: Tests, comparisons: Comparisons, reference: Reference | undefined): TableColumn<string>[] {
  const hasDelta = Object.keys(comparisons).length > 0;
  const model = modelOf(Object.keys(tests));
  return (Object.keys(COLUMNS) as Column[])
    .filter((column) => (column === 'delta' ? hasDelta : tests[column] !== undefined))
    .map((column) => ({
      id: column,
      label: COLUMNS[column].label,
      description: meaningOf(column, reference),
      cell: (name) =>
        column === 'delta'
          ? deltaCell(ownOf(comparisons, name))
          : { content: metricText(ownOf(tests[column]?.metrics, name)), isStrong: column === model },
    }));
}

/** What a column is; for what depends on the run, with its words. */
function meaningOf(column: Column, reference: Reference | undefined): string {
  if (column === 'delta' && reference !== undefined) {
    return `The ${reference.ranker} model minus ${reference.words}, with the paired bootstrap interval.`;
  }
  return COLUMNS[column].is;
}

function metricCell(name: string, tests: Tests): Cell {
  const nExcluded = maxOf(
    Object.values(tests).map(({ excluded }) => ownOf(excluded, name) ?? 0),
    0,
  );
  const label = <span class="defined">{metricLabel(name)}</span>;
  if (nExcluded === 0) return { content: label, description: metricDefinition(name) };
  const note = `${countText(nExcluded)} queries are left out or count 0, because nothing in them tells rankings apart.`;
  return {
    content: (
      <>
        {label}
        <span class="muted"> −{countText(nExcluded)}</span>
      </>
    ),
    description: `${metricDefinition(name)} ${note}`,
  };
}

function deltaCell(comparison: ComparisonEvent | undefined): Cell {
  if (comparison === undefined) return { content: '–' };
  const { meanDelta, p, wins, ties, losses, interval } = comparison;
  return {
    content: <Delta value={meanDelta} interval={interval} />,
    description: `${pValueText(p)} (paired randomisation). ${countText(wins)} queries better, ${countText(ties)} equal, ${countText(losses)} worse.`,
  };
}
