import { count, flag, list, nonEmptyText, object, optional } from '../../vocabulary/check.ts';
import type { Check } from '../../vocabulary/check.ts';
import type { Waiting } from './trainers.ts';

const queueCheck: Check<readonly Waiting[]> = list(
  object({ runDir: nonEmptyText, cwd: nonEmptyText, isResumed: flag, finalStep: optional(count) }),
);

/** The queue as the editor has kept it over a reload; an empty one when it is none, as of another version. */
export function keptQueue(kept: unknown): readonly Waiting[] {
  return queueCheck(kept, '').length === 0 ? (kept as readonly Waiting[]) : [];
}
