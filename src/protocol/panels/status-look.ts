import type { PanelStatus } from './run-data.ts';

/** How a status is shown in every list and panel: a codicon and a word, never a colour alone. */
export const STATUS_LOOK = {
  queued: { icon: 'clock', word: 'queued' },
  running: { icon: 'sync', word: 'running' },
  stale: { icon: 'watch', word: 'no sign of life' },
  stopped: { icon: 'stop-circle', word: 'stopped' },
  finished: { icon: 'pass', word: 'finished' },
  failed: { icon: 'error', word: 'failed' },
  crashed: { icon: 'warning', word: 'crashed' },
} as const satisfies Readonly<Record<PanelStatus, { readonly icon: string; readonly word: string }>>;
