/** A run as a row of the runs tree; pure, so that it is tested without an editor. */
import { PHASE_WORDS } from '../../vocabulary/phase.ts';
import { ownOf } from '../../vocabulary/own.ts';
import { problemOf } from '../../protocol/rpc.ts';
import { remainingMs, trainedShare } from '../../protocol/run-state.ts';
import type { RunState } from '../../protocol/run-state.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { isActive, isOver, isResumable, STATUSES } from '../../vocabulary/status.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';
import { durationText } from '../../vocabulary/words/duration.ts';
import { deltaMark, deltaText, metricText } from '../../vocabulary/words/metric.ts';
import { percentText } from '../../vocabulary/words/share.ts';
import { agoText } from '../../vocabulary/words/time.ts';
import { deltaOf } from '../runs/delta.ts';
import type { Delta } from '../runs/delta.ts';
import { headlineOf, isReadable, nameOf } from '../runs/live-run.ts';
import type { LiveRun, ReadableRun } from '../runs/live-run.ts';

/** A row before it is a TreeItem. */
export interface RunItem {
  readonly label: string;
  readonly description: string;
  /** Name of a codicon. */
  readonly icon: string;
  /** Id of a theme colour. */
  readonly color?: string;
  /** Words that `when` clauses of menus look for. */
  readonly contextValue: string;
  /** For screen readers: the status in words, then what the row shows. */
  readonly spoken: string;
}

/** What rows depend on besides their own run. */
export interface RowContext {
  readonly baseline: RunEntry | undefined;
  /** Place in the queue, 1 for the next; undefined for a run that does not wait. */
  readonly placeInQueue: number | undefined;
  readonly isStopping: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Ids of theme colours; a status without one has the text's. */
const STATUS_COLORS: { readonly [Status in ShownStatus]?: string } = {
  running: 'charts.blue',
  stale: 'list.warningForeground',
  stopped: 'descriptionForeground',
  finished: 'testing.iconPassed',
  failed: 'testing.iconFailed',
  crashed: 'list.warningForeground',
};

/** The row of a run; never fails, because the editor then draws none of the rows. */
export function runItem(live: LiveRun, context: RowContext): RunItem {
  if (!isReadable(live)) return unreadableItem(live.run.id, live.run.problem.message);
  try {
    return readableItem(live, context);
  } catch (error) {
    return unreadableItem(live.run.id, problemOf(error).message);
  }
}

function unreadableItem(id: string, why: string): RunItem {
  const item = { label: nameInId(id), description: firstSentence(why), icon: 'question', contextValue: 'unreadable' };
  return { ...item, color: 'list.warningForeground', spoken: `cannot be read: ${id}, ${why}` };
}

/** The name that a run's folder has (yyyymmdd-hhmmss-name-hex), so that a narrow row has room for the reason; any other folder's own name. */
function nameInId(id: string): string {
  return /^\d{8}-\d{6}-(.+)-[0-9a-f]{6}$/.exec(id)?.[1] ?? id;
}

function readableItem(live: ReadableRun, context: RowContext): RunItem {
  const { run } = live;
  const isBaseline = run.annotation.isBaseline;
  const { icon, word } = STATUSES[run.status];
  const color = STATUS_COLORS[run.status];
  const isStar = isBaseline && run.status === 'finished';
  const label = nameOf(run);
  const description = descriptionOf(run, live.state, context);
  return {
    label,
    description,
    icon: isStar ? 'star-full' : run.status === 'running' ? `${icon}~spin` : icon,
    ...(isStar || color === undefined ? {} : { color }),
    contextValue: contextValueOf(run, context),
    spoken: `${context.isStopping ? 'stopping' : word}: ${label}, ${description}`,
  };
}

/** What a running trainer does, in a few words, for example `37 %  dev 0.8713  1m 40s left`. */
export function progressText(state: RunState | undefined): string {
  if (state?.started === undefined && state?.progress === undefined) return 'starting';
  const { progress, started, evaluations } = state;
  if (progress !== undefined) {
    const share = progress.total === null || progress.total === 0 ? undefined : progress.done / progress.total;
    const words = PHASE_WORDS[progress.phase];
    return share === undefined ? words : `${words} ${percentText(Math.min(1, share))}`;
  }
  if (state.trained !== undefined) return state.phase === 'train' ? 'trained' : PHASE_WORDS[state.phase ?? 'test'];
  const share = trainedShare(state);
  const dev = ownOf(evaluations.at(-1)?.metrics, started?.headline);
  const left = remainingMs(state);
  const parts = [
    ...(share === undefined ? [] : [percentText(share)]),
    ...(dev === undefined ? [] : [`dev ${metricText(dev)}`]),
    ...(left === undefined || left === 0 ? [] : [`${durationText(left)} left`]),
  ];
  return parts.length === 0 ? PHASE_WORDS[state.phase ?? 'data'] : parts.join('  ');
}

function descriptionOf(run: RunEntry, state: RunState | undefined, context: RowContext): string {
  const { record, annotation } = run;
  const mark = record.data?.isSynthetic === true ? ['synthetic'] : [];
  if (context.isStopping) return 'stopping';
  if (context.placeInQueue !== undefined)
    return context.placeInQueue === 1 ? 'next' : `waiting, ${context.placeInQueue}.`;
  if (run.status === 'queued' && !isLeft(run, context)) return 'starting';
  if (run.status === 'running') return progressText(state);
  if (run.status === 'stale') return 'no sign of life, process still there';
  if (run.status === 'failed') return firstSentence(record.problem?.message ?? 'failed');
  const ago = agoText(record.endedAt ?? record.startedAt ?? record.createdAt, context.now);
  if (run.status === 'queued') return `never began  ${ago}`;
  if (run.status === 'crashed') return [`ended without a word${atStep(run)}`, ago].join('  ');
  const headline = headlineOf(run);
  if (run.status === 'stopped') return [`stopped${atStep(run)}`, ago].join('  ');
  const delta = deltaOf(run, context.baseline);
  return [
    ...(headline === undefined ? [] : [metricText(headline.value)]),
    ...(delta === undefined ? [] : [deltaWords(delta)]),
    ...(annotation.isBaseline ? ['baseline'] : []),
    ...mark,
    ago,
  ].join('  ');
}

/** Names its base where that is neither the pretrained model nor the ★ of the list, in the words of the terminal's list. */
function deltaWords({ value, against }: Delta): string {
  return `${deltaMark(value)} ${deltaText(value)}${against === 'baseline' ? ' own baseline' : ''}`;
}

/** A run that waits in no queue of this window and has not begun for this long: its window is gone, or waits with it. */
const LEFT_MS = 120_000;

function isLeft({ status, record }: RunEntry, { placeInQueue, now }: RowContext): boolean {
  return status === 'queued' && placeInQueue === undefined && now - record.createdAt > LEFT_MS;
}

function atStep({ record }: RunEntry): string {
  return record.lastStep === undefined ? '' : ` at step ${record.lastStep}`;
}

function contextValueOf(run: RunEntry, context: RowContext): string {
  const { placeInQueue, isStopping } = context;
  const { status, annotation } = run;
  return [
    'run',
    status,
    ...(isActive(status) && !isStopping ? ['stoppable'] : []),
    ...(placeInQueue === undefined ? [] : ['waiting', 'stoppable']),
    ...(isOver(status) || isLeft(run, context) ? ['ended'] : []),
    ...(isResumable(status) ? ['resumable'] : []),
    ...(headlineOf(run) === undefined ? [] : ['tested']),
    annotation.isBaseline ? 'baseline' : 'other',
  ].join(' ');
}

/** Rows have room for the point only; the tooltip has the rest. */
function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0]!;
  return /^.+?[.;:](?=\s)/.exec(line)?.[0].replace(/[.;:]$/, '') ?? line.replace(/\.$/, '');
}
