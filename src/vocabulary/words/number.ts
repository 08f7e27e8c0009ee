/** Numbers of no unit. */

/** What stands for a number that is not there. */
export const NONE = '–';

/** The text of a number with a true minus as its sign; exponents keep the one that YAML takes. */
export function withTrueMinus(text: string): string {
  return text.replace(/^-/, '−');
}

/** A whole number with thousands separated: `181,701`. */
export function countText(n: number): string {
  return withTrueMinus(Math.round(n).toLocaleString('en-US'));
}

/** `1 query`, `20 queries`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${countText(n)} ${n === 1 ? one : many}`;
}

/** A loss: four significant digits, `0.04320`, as wide from step to step as may be. */
export function lossText(loss: number): string {
  const text = loss !== 0 && Math.abs(loss) < 1e-4 ? loss.toExponential(2) : loss.toPrecision(4);
  return withTrueMinus(text.replace('e+', 'e'));
}

/** A learning rate: two significant digits, `7e-6`, `6.3e-6`. */
export function rateText(lr: number): string {
  return lr === 0 ? '0' : lr.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
}

/** At most four significant digits, whatever the size: `0.25`, `1.23e-5`. */
export function significantText(value: number): string {
  if (!Number.isFinite(value)) return NONE;
  const size = Math.abs(value);
  if (size === 0) return '0';
  const isFar = size >= 1e6 || size < 1e-3;
  return withTrueMinus(isFar ? value.toExponential(2).replace('e+', 'e') : String(Number(value.toPrecision(4))));
}

/** A number in full as an experiment writes it: small ones with an exponent, `5e-5`. */
export function writtenNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value);
}
