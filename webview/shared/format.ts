/** Numbers, times and sizes as people read them; a true minus, thin spaces and no more digits than mean something. */

const MINUS = '−';
const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : value < 0 ? `${MINUS}${text}` : text);

/** A metric with four decimals; an en dash for none. */
export function metric(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? '–' : value.toFixed(4).replace('-', MINUS);
}

/** What a model scored a product: three decimals, on whatever scale the model has. */
export function score(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const text = value.toFixed(3);
  return text.replace('-', Number(text) === 0 ? '' : MINUS);
}

/** A difference with its sign, `+0.0123`. */
export function delta(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  const text = Math.abs(value).toFixed(4);
  return Number(text) === 0 ? text : signed(text, value);
}

/** A confidence interval, `[−0.0020, +0.0101]`. */
export function interval([low, high]: readonly [number, number]): string {
  return `[${delta(low)}, ${delta(high)}]`;
}

/** Whether an interval of a difference leaves the sign open. */
export function holdsZero([low, high]: readonly [number, number]): boolean {
  return low <= 0 && high >= 0;
}

/** A p value: two digits that mean something, and never 0. */
export function pValue(p: number): string {
  return p < 0.0001 ? 'p < 0.0001' : `p = ${p < 0.001 ? p.toFixed(4) : p < 0.1 ? p.toFixed(3) : p.toFixed(2)}`;
}

/** About four significant digits, whatever the size: for losses, learning rates, norms. */
export function compact(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text =
    size >= 1e6 || size < 1e-3 ? value.toExponential(2).replace('e+', 'e') : String(Number(value.toPrecision(4)));
  return text.replaceAll('-', MINUS);
}

/** A whole number with thin spaces between thousands. */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A share, `37 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}\u202f%`;
}

/** A duration: `8 s`, `1:40`, `2:05:10`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}\u202fs`;
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** Bytes in the unit that leaves one to three digits before the point. */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = n;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)}\u202f${units[unit]}`;
}

/** How long ago, in words. */
export function ago(t: number, now = Date.now()): string {
  const minutes = (now - t) / 60_000;
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${Math.floor(minutes)} min ago`;
  if (minutes < 60 * 24) return `${Math.floor(minutes / 60)} h ago`;
  if (minutes < 60 * 48) return 'yesterday';
  return `${Math.floor(minutes / 60 / 24)} days ago`;
}

/** An absolute time in the person's language, for tooltips. */
export function absolute(t: number): string {
  return new Date(t).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}
