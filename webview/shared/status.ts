import type { PanelStatus } from '../../src/protocol/panels/run-data.ts';

/** How a status is shown: a codicon and a word, never a colour alone. */
export const STATUS_LOOK = {
  queued: { icon: 'clock', word: 'queued' },
  running: { icon: 'sync', word: 'running' },
  stale: { icon: 'watch', word: 'silent' },
  stopped: { icon: 'debug-pause', word: 'stopped' },
  finished: { icon: 'check', word: 'finished' },
  failed: { icon: 'error', word: 'failed' },
  crashed: { icon: 'warning', word: 'crashed' },
} as const satisfies Readonly<Record<PanelStatus, { readonly icon: string; readonly word: string }>>;

/** Whether a run's trainer may still write. */
export function isActive(status: PanelStatus): boolean {
  return status === 'queued' || status === 'running' || status === 'stale';
}
