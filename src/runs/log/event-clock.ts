/**
 * Time stamps of a run's events. Wall-clock time jumps when somebody sets the clock, and a resumed run may begin "before" it was
 * stopped; differences of stamps are shown as durations and on time axes, so stamps of a run only ever grow.
 */
export interface EventClock {
  /** Milliseconds since 1970 at the clock's start, plus what has passed since by a clock that nobody sets. */
  now(): number;
  /** What `now` adds to the milliseconds of `process.hrtime`, which all threads of a process share. */
  readonly offsetMs: number;
}

/** A clock that starts now by the wall, but not before `notBefore` (milliseconds since 1970): the stamp of a run's latest event. */
export function openEventClock(notBefore = 0): EventClock {
  const offsetMs = Math.max(Date.now(), notBefore) - monotonicMs();
  return { offsetMs, now: () => Math.round(offsetMs + monotonicMs()) };
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
