import { baseOf, modelOf } from '../../vocabulary/ranker.ts';
import type { Problem } from '../../vocabulary/problem.ts';
import type { Phase } from '../../vocabulary/phase.ts';
import type { Base } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { problemOf } from '../../protocol/rpc.ts';
import { durationOf } from '../../protocol/run-record.ts';
import type { RunRecord } from '../../protocol/run-record.ts';
import type { ListedRun, RunEntry } from '../../runs/list-runs.ts';
import { STATUSES } from '../../vocabulary/status.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { deltaText, metricText } from '../../vocabulary/words/metric.ts';
import { percentText } from '../../vocabulary/words/share.ts';
import { timeText } from '../../vocabulary/words/time.ts';
import { formatTable } from './format-table.ts';
import type { TableCell } from './format-table.ts';
import { metricLabel } from '../../metrics/metric-label.ts';
import type { Paint, Style } from './paint.ts';
import { oneLine } from './text-width.ts';

/** How far a run is that has not finished. */
export interface RunProgress {
  readonly step: number;
  readonly totalSteps: number;
  readonly phase: Phase | undefined;
}

/** A run of the list, and how far it is unless it has finished. */
export interface RunRow {
  readonly run: ListedRun;
  readonly progress?: RunProgress;
  /** Why the run's events cannot be read. */
  readonly logProblem?: Problem;
}

const STATUS_STYLES = {
  queued: 'dim',
  running: 'cyan',
  stale: 'yellow',
  stopped: 'yellow',
  finished: 'green',
  failed: 'red',
  crashed: 'red',
} as const satisfies Record<ShownStatus, Style>;

/** A run's status with its colour. */
export function statusCell(status: ShownStatus): TableCell {
  return { text: STATUSES[status].word, style: STATUS_STYLES[status] };
}

/** Lines of the table of runs, in the given order. Deltas refer to the folder's baseline, or to each run's own base. */
export function formatRuns(rows: readonly RunRow[], { paint, width }: { paint: Paint; width: number }): string[] {
  const readable = rows.flatMap(({ run }) => (run.isReadable ? [run] : []));
  const baseline = readable.find(({ annotation }) => annotation.isBaseline);
  const headlines = new Set(readable.flatMap(({ record }) => record.headline ?? []));
  const [only] = headlines.size === 1 ? headlines : [];
  const bases = [...new Set(readable.flatMap(({ record }) => baseOf(Object.keys(record.test ?? {})) ?? []))];
  const isMixed = baseline === undefined && bases.length > 1;
  const reference = baseline !== undefined ? 'baseline' : isMixed ? '' : BASE_WORDS[bases[0] ?? 'pretrained'];
  const columns = [
    { header: 'status' },
    { header: 'name', shrinkTo: 12 },
    { header: 'progress' },
    { header: only === undefined ? 'test' : metricLabel(only), align: 'right' as const },
    { header: `Δ ${reference}`.trimEnd() },
    { header: 'created' },
    { header: 'id' },
  ];
  const unreadable = (id: string, why: string): TableCell[] => [
    { text: 'unreadable', style: 'red' },
    ...[oneLine(why), '', '', '', '', id],
  ];
  const cellsOf = ({ run, ...rest }: RunRow): TableCell[] => {
    if (!run.isReadable) return unreadable(run.id, run.problem.message);
    return [
      statusCell(run.status),
      oneLine(nameOf(run)),
      progressCell(run, rest),
      headlineText(run.record, only === undefined),
      deltaCell(run, baseline, isMixed),
      timeText(run.record.createdAt),
      run.id,
    ];
  };
  const cells = rows.map((row) => {
    try {
      return cellsOf(row);
    } catch (error) {
      // A run that breaks its row must not take the list with it.
      return unreadable(row.run.id, problemOf(error).message);
    }
  });
  return formatTable(columns, cells, { paint, width });
}

function nameOf({ annotation, record }: RunEntry): string {
  const name = annotation.title ?? record.name;
  const marks = [annotation.isBaseline ? 'baseline' : '', record.data?.isSynthetic ? 'synthetic' : ''].filter(Boolean);
  return marks.length === 0 ? name : `${name} [${marks.join(', ')}]`;
}

function progressCell({ record }: RunEntry, { progress, logProblem }: Omit<RunRow, 'run'>): TableCell {
  if (logProblem !== undefined) return { text: 'log unreadable', style: 'red' };
  if (progress === undefined) {
    const took = durationOf(record);
    return took === undefined ? 'done' : `done in ${durationText(took)}`;
  }
  const { step, totalSteps, phase } = progress;
  if (totalSteps > 0 && (step > 0 || phase === 'train')) {
    return `${percentText(Math.min(1, step / totalSteps))} step ${step}/${totalSteps}`;
  }
  return phase ?? '–';
}

/** Headline metric on test of the run's model. */
function headlineOf({ test = {}, headline }: RunRecord): number | undefined {
  return ownOf(test[modelOf(Object.keys(test))], headline);
}

function headlineText(record: RunRecord, hasName: boolean): string {
  const value = headlineOf(record);
  if (value === undefined || record.headline === undefined) return '–';
  return hasName ? `${metricLabel(record.headline)} ${metricText(value)}` : metricText(value);
}

/** What a run's own base is called, to be told from the baseline of the folder. */
const BASE_WORDS = { baseline: 'own baseline', pretrained: 'pretrained' } as const satisfies Record<Base, string>;

function deltaCell({ record }: RunEntry, baseline: RunEntry | undefined, isBaseNamed: boolean): TableCell {
  const value = headlineOf(record);
  if (value === undefined || record.headline === undefined) return '–';
  if (baseline === undefined) {
    const own = baseOf(Object.keys(record.test ?? {}));
    const base = own && ownOf(record.test?.[own], record.headline);
    return base === undefined ? '–' : changeCell(value - base, isBaseNamed ? ` ${BASE_WORDS[own!]}` : '');
  }
  if (baseline.record.id === record.id) return '–';
  const isComparable =
    baseline.record.headline === record.headline && baseline.record.data?.fingerprint === record.data?.fingerprint;
  if (!isComparable) return { text: 'other data', style: 'dim' };
  const base = headlineOf(baseline.record);
  return base === undefined ? '–' : changeCell(value - base, '');
}

function changeCell(change: number, suffix: string): TableCell {
  const text = `${deltaText(change)}${suffix}`;
  return text.startsWith('0') ? text : { text, style: change > 0 ? 'green' : 'red' };
}
