import type { PanelStatus } from '../../src/protocol/panels/run-data.ts';

/** Whether a run's trainer may still write. */
export function isActive(status: PanelStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'stale';
}
