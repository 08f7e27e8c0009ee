/** Points in time by the local clock; all are milliseconds since 1970. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Date and time: `2026-11-23 22:03`. */
export function timeText(t: number): string {
  const date = new Date(t);
  return `${dayText(t)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** How long ago a time was: `just now`, `5 min ago`, `2 h ago`, `yesterday`, `3 days ago`, then the date. */
export function agoText(t: number, now = Date.now()): string {
  const ms = now - t;
  if (ms < MINUTE) return 'just now';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`;
  const days = daysBetween(t, now);
  if (days === 0 || ms < 6 * HOUR) return `${Math.floor(ms / HOUR)} h ago`;
  if (days === 1) return 'yesterday';
  return days < 7 ? `${days} days ago` : dayText(t);
}

/** The day as a heading: `Today`, `Yesterday`, then the date. */
export function dayHeading(t: number, now = Date.now()): string {
  const days = daysBetween(t, now);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : dayText(t);
}

function dayText(t: number): string {
  const date = new Date(t);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** Midnights between two times. A day of 23 or 25 hours rounds to one. */
function daysBetween(t: number, now: number): number {
  const midnight = (time: number): number => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(t)) / DAY);
}
