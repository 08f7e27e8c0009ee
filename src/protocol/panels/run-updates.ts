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
  text,
} from '../../vocabulary/check.ts';
import type { Check, Wrong } from '../../vocabulary/check.ts';
import type { CheckpointEvent, EvaluationEvent, RunEvent } from '../events.ts';
import { checkRunEvent } from '../guards.ts';
import { LOG_STATUSES, STEP_COLUMNS, SYSTEM_COLUMNS } from '../run-state.ts';
import type { RunState, StepColumn, SystemColumn } from '../run-state.ts';
import { skippedCheck } from '../skipped-lines.ts';

/** A change of a table of numbers: the first `keep` rows stay, the given ones follow. */
export interface ColumnsChange<K extends string> {
  readonly keep: number;
  readonly rows: Readonly<Record<K, Float64Array>>;
}

/** The state of a run without its long columns. */
export type RunFacts = Omit<RunState, 'steps' | 'system' | 'evaluations' | 'checkpoints'> & {
  readonly lastCheckpoint: CheckpointEvent | undefined;
};

/** What changed since the update before; the first one tells everything. */
export interface RunUpdate {
  readonly facts: RunFacts;
  readonly steps: ColumnsChange<StepColumn>;
  readonly system: ColumnsChange<SystemColumn>;
  readonly evaluations: { readonly keep: number; readonly rows: readonly EvaluationEvent[] };
  /** Judged pairs a second over the latest steps. */
  readonly pairsPerSecond?: number;
  /** Until the last training step, as an upper bound. */
  readonly remainingMs?: number;
  /** Time stamp on the host, for the delay from event to pixel. */
  readonly sentAt: number;
}

/** An event of one type, checked by the guard of `events.jsonl`. */
function event(type: RunEvent['type']): Check {
  return (value, path) => {
    const checked = checkRunEvent(value);
    const found = checked.ok ? checked.value.type : formatWrongs(checked.wrongs);
    return found === type ? [] : [{ path, found, expected: `an event ${type}` }];
  };
}

/** Columns of float64 of equal length. */
function columns(names: readonly string[]): Check {
  return (value, path) => {
    const byName = isObject(value) ? value : {};
    const lengths = names.map((name) => (byName[name] instanceof Float64Array ? byName[name].length : -1));
    const isRight = lengths.every((length) => length >= 0 && length === lengths[0]);
    const wrong: Wrong = { path, found: lengths.join(), expected: `equally long float64 columns ${names.join()}` };
    return isRight ? [] : [wrong];
  };
}

const change = (names: readonly string[]) => object<ColumnsChange<string>>({ keep: count, rows: columns(names) });

const factsCheck = object<RunFacts>({
  status: oneOf(LOG_STATUSES),
  phase: orAbsent(text),
  started: orAbsent(event('started')),
  progress: orAbsent(event('progress')),
  step: count,
  epoch: amount,
  best: orAbsent(event('evaluation')),
  warnings: list(event('warning')),
  tests: mapOf(event('test')),
  comparisons: mapOf(event('comparison')),
  resumes: list(event('resumed')),
  trained: orAbsent(event('trained')),
  failed: orAbsent(event('failed')),
  lastEventAt: amount,
  lastCheckpoint: orAbsent(event('checkpoint')),
  skipped: skippedCheck,
});

/** A field that is always there, undefined included; channels may drop it then. */
function orAbsent(check: Check): Check {
  return optional(check);
}

export const runUpdateCheck = object<RunUpdate>({
  facts: factsCheck,
  steps: change(STEP_COLUMNS),
  system: change(SYSTEM_COLUMNS),
  evaluations: object<RunUpdate['evaluations']>({ keep: count, rows: list(event('evaluation')) }),
  pairsPerSecond: optional(amount),
  remainingMs: optional(amount),
  sentAt: amount,
});
