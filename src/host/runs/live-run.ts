import { modelOf } from '../../vocabulary/ranker.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { RunState } from '../../protocol/run-state.ts';
import type { ListedRun, RunEntry, UnreadableRun } from '../../runs/list-runs.ts';

/** A run of the workspace: its folder as listed and, while it is active, what its events tell. */
export type LiveRun = ReadableRun | BrokenRun;

/** A live run whose `run.json` can be read. */
export interface ReadableRun {
  readonly run: RunEntry;
  /** The runs folder that holds it. */
  readonly runsFolder: string;
  /** Of an active run only, and only its latest steps. */
  readonly state: RunState | undefined;
}

/** A run folder that cannot be read. */
export interface BrokenRun {
  readonly run: UnreadableRun;
  readonly runsFolder: string;
  readonly state: undefined;
}

export function isReadable(live: LiveRun): live is ReadableRun {
  return live.run.isReadable;
}

/** The name that lists show: what a person called the run, else its experiment's. */
export function nameOf(run: ListedRun): string {
  return run.isReadable ? (run.annotation.title ?? run.record.name) : run.id;
}

/** The headline metric of the run's model on the test set; undefined before it was evaluated. */
export function headlineOf({
  record: { headline, test = {} },
}: RunEntry): { readonly metric: string; readonly value: number } | undefined {
  const value = ownOf(test[modelOf(Object.keys(test))], headline);
  return headline === undefined || value === undefined ? undefined : { metric: headline, value };
}
