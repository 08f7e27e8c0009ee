/** Numbers of the panels: the words that terminal and editor use too (src/vocabulary/words), kept from breaking in a line. */
import { durationText } from '../../src/vocabulary/words/duration.ts';
import { deltaText, intervalText, isSignificant, metricText, scoreText } from '../../src/vocabulary/words/metric.ts';
import { countText, significantText } from '../../src/vocabulary/words/number.ts';
import { pValueText } from '../../src/vocabulary/words/p-value.ts';
import { percentText } from '../../src/vocabulary/words/share.ts';
import { bytesText } from '../../src/vocabulary/words/size.ts';
import { agoText, timeText } from '../../src/vocabulary/words/time.ts';

/** The text with thin blanks that no line breaks at. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u202f');
}

/** A metric with four decimals; an en dash for none. */
export function metric(value: number | null | undefined): string {
  return metricText(value);
}

/** What a model scored a product: three decimals, on whatever scale the model has. */
export function score(value: number | undefined): string {
  return scoreText(value);
}

/** A difference with its sign, `+0.0123`. */
export function delta(value: number | null | undefined): string {
  return deltaText(value);
}

/** A confidence interval, `[−0.0020, +0.0101]`. */
export function interval(range: readonly [number, number]): string {
  return intervalText(range);
}

/** Whether an interval of a difference leaves the sign open. */
export function holdsZero(range: readonly [number, number]): boolean {
  return !isSignificant(range);
}

/** A p value, `p = 0.042`. */
export function pValue(p: number): string {
  return pValueText(p);
}

/** At most four significant digits, whatever the size: for losses, learning rates, norms. */
export function compact(value: number): string {
  return significantText(value);
}

/** A whole number with thousands separated. */
export function whole(value: number): string {
  return countText(value);
}

/** A share, `37 %`. */
export function percent(share: number): string {
  return unbroken(percentText(share));
}

/** A duration, `1m 40s`. */
export function duration(ms: number): string {
  return unbroken(durationText(ms));
}

/** Bytes, `68 MB`. */
export function bytes(n: number): string {
  return unbroken(bytesText(n));
}

/** How long ago, in words. */
export function ago(t: number, now = Date.now()): string {
  return agoText(t, now);
}

/** An absolute time, for tooltips. */
export function absolute(t: number): string {
  return timeText(t);
}
