/** The growing part of a run as it crosses to a panel: typed columns by piece, and the small rest whole. */
import {
  amount,
  count,
  formatWrongs,
  isObject,
  list,
  mapOf,
  object,
  oneOf,
  optional,
  orUndefined,
} from '../../vocabulary/check.ts';
import type { Check, Infer, Wrong } from '../../vocabulary/check.ts';
import { PHASES } from '../../vocabulary/phase.ts';
import { checkRunEvent } from '../events.ts';
import type { CheckpointEvent, RunEvent } from '../events.ts';
import { LOG_STATUSES, STEP_COLUMNS, SYSTEM_COLUMNS } from '../run-state.ts';
import type { RunState } from '../run-state.ts';
import { skippedLinesCheck } from '../skipped-lines.ts';

/** A change of a table of numbers: the first `keep` rows stay, the given ones follow. */
export interface ColumnsChange<K extends string> {
  readonly keep: number;
  readonly rows: Readonly<Record<K, Float64Array>>;
}

function columnsChange<const K extends string>(names: readonly K[]): Check<ColumnsChange<K>> {
  const rows: Check<Readonly<Record<string, Float64Array>>> = columns(names);
  return object({ keep: count, rows });
}

/** Columns of float64 of equal length. */
function columns(names: readonly string[]): Check<Readonly<Record<string, Float64Array>>> {
  return (value, path) => {
    const byName = isObject(value) ? value : {};
    const lengths = names.map((name) => (byName[name] instanceof Float64Array ? byName[name].length : -1));
    const isRight = lengths.every((length) => length >= 0 && length === lengths[0]);
    const wrong: Wrong = { path, found: lengths.join(), expected: `equally long float64 columns ${names.join()}` };
    return isRight ? [] : [wrong];
  };
}

/** An event of one type, checked as a line of `events.jsonl`. */
function event<const K extends RunEvent['type']>(type: K): Check<Extract<RunEvent, { type: K }>> {
  return (value, path) => {
    const checked = checkRunEvent(value);
    const found = checked.ok ? checked.value.type : formatWrongs(checked.wrongs);
    return found === type ? [] : [{ path, found, expected: `an event ${type}` }];
  };
}

/** The state of a run without its long columns. */
export type RunFacts = Omit<RunState, 'steps' | 'system' | 'evaluations' | 'checkpoints'> & {
  readonly lastCheckpoint: CheckpointEvent | undefined;
};

const runFactsCheck: Check<RunFacts> = object({
  status: oneOf(LOG_STATUSES),
  phase: orUndefined(oneOf(PHASES)),
  started: orUndefined(event('started')),
  progress: orUndefined(event('progress')),
  step: count,
  epoch: amount,
  best: orUndefined(event('evaluation')),
  warnings: list(event('warning')),
  tests: mapOf(event('test')),
  comparisons: mapOf(event('comparison')),
  resumes: list(event('resumed')),
  trained: orUndefined(event('trained')),
  failed: orUndefined(event('failed')),
  lastEventAt: amount,
  lastCheckpoint: orUndefined(event('checkpoint')),
  skipped: skippedLinesCheck,
});

export const runUpdateCheck = object({
  facts: runFactsCheck,
  steps: columnsChange(STEP_COLUMNS),
  system: columnsChange(SYSTEM_COLUMNS),
  evaluations: object({ keep: count, rows: list(event('evaluation')) }),
  /** Judged pairs a second over the latest steps. */
  pairsPerSecond: optional(amount),
  /** Until the last training step, as an upper bound. */
  remainingMs: optional(amount),
  /** Time stamp on the host, for the delay from event to pixel. */
  sentAt: amount,
});

/** What changed since the update before; the first one tells everything. */
export type RunUpdate = Infer<typeof runUpdateCheck>;
