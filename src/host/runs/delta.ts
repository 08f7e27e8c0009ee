import { join } from 'node:path';
import { baseOf } from '../../vocabulary/ranker.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import { headlineOf, nameOf } from './live-run.ts';
import type { ReadableRun } from './live-run.ts';
import type { LiveRuns } from './live-runs.ts';
import { ownOf } from '../../vocabulary/own.ts';

/** A run's headline against what differences refer to. */
export interface Delta {
  readonly value: number;
  /** The run that is marked as baseline; without one the run's own base: the run that its experiment names, else its pretrained model. */
  readonly against: 'marked' | 'baseline' | 'pretrained';
}

/**
 * The headline's difference to the run that is marked as baseline, or to the run's own base when none is. Undefined where it would
 * mean nothing: no test result yet, the marked run itself, another metric, other data.
 */
export function deltaOf(run: RunEntry, marked: RunEntry | undefined): Delta | undefined {
  const mine = headlineOf(run);
  if (mine === undefined || run.annotation.isBaseline) return undefined;
  if (marked !== undefined) {
    const theirs = headlineOf(marked);
    const isSameData = marked.record.data?.fingerprint === run.record.data?.fingerprint;
    if (theirs?.metric !== mine.metric || !isSameData) return undefined;
    return { value: mine.value - theirs.value, against: 'marked' };
  }
  const { test = {} } = run.record;
  const base = baseOf(Object.keys(test));
  const before = base && ownOf(test[base], mine.metric);
  return base === undefined || before === undefined ? undefined : { value: mine.value - before, against: base };
}

/** Where the runs are found that differences refer to. */
export type RunLookup = Pick<LiveRuns, 'baseline' | 'get'>;

/** What a difference refers to, in words. */
export function againstText({ against }: Delta, { run, runsFolder }: ReadableRun, runs: RunLookup): string {
  if (against === 'pretrained') return 'its pretrained model';
  if (against === 'marked') return runs.baseline === undefined ? 'the baseline' : nameOf(runs.baseline.run);
  const id = run.record.baseline ?? '';
  const base = runs.get(join(runsFolder, id));
  return `its baseline ${base === undefined ? id : nameOf(base.run)}`;
}
