import { NONE } from './number.ts';

/** A span of time in its two largest units: `0.4s`, `45s`, `2m 10s`, `1h 04m`, `2d 03h`. */
export function durationText(ms: number): string {
  if (!Number.isFinite(ms)) return NONE;
  if (ms < 9950) return `${(Math.max(0, ms) / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s}s`;
  const two = (n: number): string => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  const m = Math.floor(s / 60);
  if (m < 24 * 60) return `${Math.floor(m / 60)}h ${two(m % 60)}m`;
  return `${Math.floor(m / 1440)}d ${two(Math.floor(m / 60) % 24)}h`;
}
