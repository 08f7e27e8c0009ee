/** Numbers, times and sizes as the editor shows them. A negative number has a true minus (U+2212), as wide as a plus. */

const MINUS = '−';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A metric's value: four decimals. */
export function metricText(value: number): string {
  return value.toFixed(4).replace('-', MINUS);
}

/** A difference of metrics: four decimals and a sign; none when it rounds to zero. */
export function deltaText(value: number): string {
  const digits = Math.abs(value).toFixed(4);
  if (Number(digits) === 0) return digits;
  return `${value < 0 ? MINUS : '+'}${digits}`;
}

/** The direction of a difference as a mark beside it: ▲, ▼, or = when it rounds to zero. */
export function deltaMark(value: number): '▲' | '▼' | '=' {
  if (Number(Math.abs(value).toFixed(4)) === 0) return '=';
  return value > 0 ? '▲' : '▼';
}

/** A 95 % interval such as `[−0.0012, +0.0101]`, with the words for one that holds 0. */
export function intervalText([low, high]: readonly [number, number]): string {
  const isSignificant = low > 0 || high < 0;
  return `[${deltaText(low)}, ${deltaText(high)}]${isSignificant ? '' : ', not significant'}`;
}

/** A share 0…1 in whole per cent; 100 only when it is all. */
export function percentText(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)} %`;
}

/** A span of time as a clock shows it: `0:40`, `1:40`, `2:03:00`. */
export function clockText(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(s / 3600);
  const minutes = Math.floor(s / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
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

/** Local date and time: `2026-11-23 22:03`. */
export function timeText(t: number): string {
  const date = new Date(t);
  return `${dayText(t)} ${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/** Bytes in decimal units: `68 MB`, `1.2 GB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]!}`;
}

function dayText(t: number): string {
  const date = new Date(t);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Midnights between two times. A day of 23 or 25 hours rounds to one. */
function daysBetween(t: number, now: number): number {
  const midnight = (time: number) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(now) - midnight(t)) / DAY);
}
