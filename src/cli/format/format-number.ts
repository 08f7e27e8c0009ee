/** Numbers as tables and lines show them. A negative number has a true minus (U+2212), as wide as a plus. */

const MINUS = '−';

/** A metric: four decimals. */
export function metricValue(value: number): string {
  return value.toFixed(4).replace('-', MINUS);
}

/** A difference: four decimals and always a sign; one that rounds to zero has none. */
export function signedDelta(value: number): string {
  const digits = Math.abs(value).toFixed(4);
  if (Number(digits) === 0) return digits;
  return `${value < 0 ? MINUS : '+'}${digits}`;
}

/** A 95 % interval: `[−0.0012, +0.0101]`. */
export function intervalText([low, high]: readonly [number, number]): string {
  return `[${signedDelta(low)}, ${signedDelta(high)}]`;
}

/** A probability: `p < 0.001`, `p = 0.042`. */
export function pValue(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`;
}

/** A loss: four significant digits. */
export function lossText(loss: number): string {
  if (loss !== 0 && Math.abs(loss) < 1e-4) return loss.toExponential(2);
  return loss.toPrecision(4).replace(/e\+?/, 'e');
}

/** A learning rate: two significant digits, `7e-6`, `6.3e-6`. */
export function rateText(lr: number): string {
  return lr === 0 ? '0' : lr.toExponential(1).replace('.0e', 'e');
}

/** A whole number with thousands separated: `181,701`. */
export function countText(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** `1 query`, `20 queries`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${countText(n)} ${n === 1 ? one : many}`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in decimal units: `68 MB`, `1.2 GB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(BYTE_UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${BYTE_UNITS[power]!}`;
}

/** A duration in its two largest units: `0.4s`, `45s`, `2m 10s`, `1h 04m`, `2d 03h`. */
export function durationText(ms: number): string {
  if (ms < 9950) return `${(ms / 1000).toFixed(1).replace(/\.0$/, '')}s`;
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s}s`;
  const two = (n: number) => String(n).padStart(2, '0');
  if (s < 3600) return `${Math.floor(s / 60)}m ${two(s % 60)}s`;
  const m = Math.floor(s / 60);
  if (m < 24 * 60) return `${Math.floor(m / 60)}h ${two(m % 60)}m`;
  return `${Math.floor(m / 1440)}d ${two(Math.floor(m / 60) % 24)}h`;
}

/** A time of the local clock: `2026-11-23 22:03`. */
export function timeText(t: number): string {
  const date = new Date(t);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A share 0…1 as whole per cent; 100 only when it is all. */
export function percentText(share: number): string {
  return `${Math.floor(share * 100 + 1e-9)}%`;
}
