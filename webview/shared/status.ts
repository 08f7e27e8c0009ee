import { isOver } from '../../src/vocabulary/status.ts';
import type { ShownStatus } from '../../src/vocabulary/status.ts';

/** Whether a run's trainer may still write. */
export function isActive(status: ShownStatus): boolean {
  return !isOver(status);
}
