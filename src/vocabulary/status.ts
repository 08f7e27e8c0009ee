/** The statuses of a run and all that is true of each: one table for lists, panels, commands and files. */

/** What `run.json` says of a run. `crashed` and `stale` are never written: a reader derives them. */
export const RUN_STATUSES = ['queued', 'running', 'stopped', 'finished', 'failed'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * A run's status as shown: what it says of itself, or what its process tells. `crashed`: active on paper, its process gone.
 * `stale`: its process exists but shows no sign of life.
 */
export const SHOWN_STATUSES = [...RUN_STATUSES, 'crashed', 'stale'] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

interface StatusFacts {
  /** Name of a codicon. */
  readonly icon: string;
  /** What lists and panels call it, never a colour alone. */
  readonly word: string;
  /** Whether a trainer is at work on the run: not yet, as far as can be told, or no more. */
  readonly work: 'to come' | 'active' | 'over';
  /** Whether a trainer may take it up again. */
  readonly isResumable: boolean;
  /** Whether it ended by a fault, so that its log is worth a look. */
  readonly hasFailed: boolean;
}

export const STATUSES = {
  queued: { icon: 'clock', word: 'queued', work: 'to come', isResumable: false, hasFailed: false },
  running: { icon: 'sync', word: 'running', work: 'active', isResumable: false, hasFailed: false },
  stale: { icon: 'watch', word: 'no sign of life', work: 'active', isResumable: false, hasFailed: false },
  stopped: { icon: 'stop-circle', word: 'stopped', work: 'over', isResumable: true, hasFailed: false },
  finished: { icon: 'pass', word: 'finished', work: 'over', isResumable: false, hasFailed: false },
  failed: { icon: 'error', word: 'failed', work: 'over', isResumable: true, hasFailed: true },
  crashed: { icon: 'warning', word: 'crashed', work: 'over', isResumable: true, hasFailed: true },
} as const satisfies Readonly<Record<ShownStatus, StatusFacts>>;

/** Whether a trainer is at work on the run, as far as can be told. */
export function isActive(status: ShownStatus): boolean {
  return STATUSES[status].work === 'active';
}

/** Whether no trainer writes to the run, now or soon: what its log lacks will not come. */
export function isOver(status: ShownStatus): boolean {
  return STATUSES[status].work === 'over';
}

/** Whether the run ended before it was done, so that a trainer may take it up again. */
export function isResumable(status: ShownStatus): boolean {
  return STATUSES[status].isResumable;
}

/** Whether the run ended by a fault of the experiment, the machine or the program. */
export function hasFailed(status: ShownStatus): boolean {
  return STATUSES[status].hasFailed;
}
