import type { RunEvent } from '../protocol/events.ts';

/** An event without its time stamp, which the run's session adds. */
export type NewEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 't'> : never) : never;
