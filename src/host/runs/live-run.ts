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

/** Whether a trainer is at work on it, as far as can be told. */
export function isActive({ status }: RunEntry): boolean {
  return status === 'running' || status === 'stale';
}

/** The name that lists show: what a person called the run, else its experiment's. */
export function nameOf(run: ListedRun): string {
  return run.isReadable ? (run.annotation.title ?? run.record.name) : run.id;
}

/** The run's own model on the test set: fine-tuned, or as it is for a run that only evaluates. */
export function testedRanker(run: RunEntry): 'fine-tuned' | 'pretrained' {
  return run.record.job === 'train' ? 'fine-tuned' : 'pretrained';
}

/** The headline metric of the run's model on the test set; undefined before it was evaluated. */
export function headlineOf(run: RunEntry): { readonly metric: string; readonly value: number } | undefined {
  const { headline, test } = run.record;
  const value = headline === undefined ? undefined : test?.[testedRanker(run)]?.[headline];
  return headline === undefined || value === undefined ? undefined : { metric: headline, value };
}

/** A run's headline against what deltas refer to. */
export interface Delta {
  readonly value: number;
  /** The baseline run, or the run's own pretrained model. */
  readonly against: 'baseline' | 'pretrained';
}

/**
 * The headline's difference to the baseline run, or to the run's own pretrained model when there is no baseline.
 * Undefined where it would mean nothing: no test result yet, the baseline itself, another metric, other data.
 */
export function deltaOf(run: RunEntry, baseline: RunEntry | undefined): Delta | undefined {
  const mine = headlineOf(run);
  if (mine === undefined || run.annotation.isBaseline) return undefined;
  if (baseline !== undefined) {
    const theirs = baseline.record.test?.[testedRanker(baseline)]?.[mine.metric];
    const isSameData = baseline.record.data?.fingerprint === run.record.data?.fingerprint;
    return theirs === undefined || !isSameData ? undefined : { value: mine.value - theirs, against: 'baseline' };
  }
  const before = run.record.job === 'train' ? run.record.test?.['pretrained']?.[mine.metric] : undefined;
  return before === undefined ? undefined : { value: mine.value - before, against: 'pretrained' };
}
