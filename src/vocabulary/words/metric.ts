/** Values of metrics and scores, and their differences. */
import { NONE, withTrueMinus } from './number.ts';

/** A metric: four decimals, or an en dash for none. */
export function metricText(value: number | null | undefined): string {
  return decimals(value, 4);
}

/** What a model scored a product: three decimals, on whatever scale the model has. */
export function scoreText(value: number | null | undefined): string {
  return decimals(value, 3);
}

/** A difference of metrics: four decimals and always a sign; one that rounds to zero has none. */
export function deltaText(value: number | null | undefined): string {
  const text = decimals(value, 4);
  return value != null && value > 0 && Number(text) !== 0 ? `+${text}` : text;
}

/** The direction of a difference as a mark beside it: ▲, ▼, or = when it rounds to zero. */
export function deltaMark(value: number): '▲' | '▼' | '=' {
  if (Number(value.toFixed(4)) === 0) return '=';
  return value > 0 ? '▲' : '▼';
}

/** A 95 % interval of a difference: `[−0.0012, +0.0101]`. */
export function intervalText([low, high]: readonly [number, number]): string {
  return `[${deltaText(low)}, ${deltaText(high)}]`;
}

/** Whether an interval of a difference leaves no doubt about its sign. */
export function isSignificant([low, high]: readonly [number, number]): boolean {
  return low > 0 || high < 0;
}

/** What is added to a difference whose interval holds 0; nothing to any other. */
export function doubtText(interval: readonly [number, number]): string {
  return isSignificant(interval) ? '' : ', not significant';
}

/** A zero has no sign. */
function decimals(value: number | null | undefined, nDigits: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NONE;
  const text = value.toFixed(nDigits);
  return Number(text) === 0 ? text.replace('-', '') : withTrueMinus(text);
}
