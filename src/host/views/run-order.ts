/** Filter, sort and group of the runs tree; pure. */
import { STATUSES } from '../../vocabulary/status.ts';
import { dayHeading } from '../../vocabulary/words/time.ts';
import { headlineOf, isReadable, nameOf } from '../runs/live-run.ts';
import type { LiveRun } from '../runs/live-run.ts';

/** How runs can be grouped, with the words of the menu. */
export const GROUPINGS = { none: 'No groups', status: 'Status', experiment: 'Experiment', day: 'Day' } as const;
export type Grouping = keyof typeof GROUPINGS;

/** How runs can be sorted, with the words of the menu. */
export const SORTINGS = { time: 'Newest first', metric: 'Best metric first', name: 'Name' } as const;
export type Sorting = keyof typeof SORTINGS;

/** How a person wants to see the runs; remembered with the workspace. */
export interface RunOrder {
  readonly grouping: Grouping;
  readonly sorting: Sorting;
  /** Words that all have to occur in a run's name, tags, note, status or id; `#word` only in its tags. */
  readonly filter: string;
}

export const DEFAULT_ORDER: RunOrder = { grouping: 'none', sorting: 'time', filter: '' };

/** Runs below one heading; the heading is empty without grouping. */
export interface RunGroup {
  readonly heading: string;
  readonly runs: readonly LiveRun[];
}

/** The runs as the tree shows them. `runs` is newest first; groups come in the order of their first run. */
export function groupRuns(runs: readonly LiveRun[], order: RunOrder, now: number): RunGroup[] {
  const shown = [...runs.filter((run) => matches(run, order.filter))];
  shown.sort(COMPARE[order.sorting]);
  if (order.grouping === 'none') return shown.length === 0 ? [] : [{ heading: '', runs: shown }];
  const groups = new Map<string, LiveRun[]>();
  for (const run of shown) {
    const heading = HEADING[order.grouping](run, now);
    const group = groups.get(heading);
    if (group === undefined) groups.set(heading, [run]);
    else group.push(run);
  }
  return [...groups].map(([heading, members]) => ({ heading, runs: members }));
}

const COMPARE = {
  time: () => 0,
  metric: (a, b) => metricOf(b) - metricOf(a),
  name: (a, b) => nameOf(a.run).localeCompare(nameOf(b.run), undefined, { numeric: true }),
} as const satisfies Record<Sorting, (a: LiveRun, b: LiveRun) => number>;

const HEADING = {
  status: (live) => {
    const word = isReadable(live) ? STATUSES[live.run.status].word : 'cannot be read';
    return word.charAt(0).toUpperCase() + word.slice(1);
  },
  experiment: (live) => (isReadable(live) ? live.run.record.name : 'Unknown'),
  day: (live, now) => (isReadable(live) ? dayHeading(live.run.record.createdAt, now) : 'Unknown'),
} as const satisfies Record<Exclude<Grouping, 'none'>, (live: LiveRun, now: number) => string>;

/** Runs without a result come last. */
function metricOf(live: LiveRun): number {
  return (isReadable(live) ? headlineOf(live.run)?.value : undefined) ?? -1;
}

function matches(live: LiveRun, filter: string): boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const { run } = live;
  const tags = run.isReadable ? run.annotation.tags.map((tag) => tag.toLowerCase()) : [];
  const about = run.isReadable ? [run.record.name, run.annotation.note, run.status] : [];
  const text = [nameOf(run), run.id, ...about, ...tags].join('\n').toLowerCase();
  return words.every((word) =>
    word.startsWith('#') ? tags.some((tag) => tag.startsWith(word.slice(1))) : text.includes(word),
  );
}
