/** Words of terminal and editor (src/vocabulary/words) that a panel keeps from breaking in a line. */
import { durationText } from '../../src/vocabulary/words/duration.ts';
import { percentText } from '../../src/vocabulary/words/share.ts';
import { bytesText } from '../../src/vocabulary/words/size.ts';

/** The text with thin blanks that no line breaks at. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u202f');
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
