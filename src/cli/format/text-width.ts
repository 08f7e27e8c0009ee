/** Columns that text takes on a terminal: product titles contain Japanese, accents and emoji. */
import { visibleText } from '../../protocol/visible-text.ts';
import { withoutMarks } from './paint.ts';

/** East Asian wide and fullwidth blocks (Unicode Annex 11), and what is drawn as an emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const INVISIBLE = /^[\p{M}\p{Cf}\p{Cc}]+$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns of the text; the marks of styles take none. */
export function textWidth(text: string): number {
  const plain = withoutMarks(text);
  // Printable ASCII needs no look at its characters.
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes.segment(plain)) width += graphemeWidth(segment);
  return width;
}

/** The text in at most `width` columns; a cut one ends with `…`. The text must not contain styles. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return width < 1 ? '' : `${kept.trimEnd()}…`;
}

/** Text from data in one line, without control characters, so that it is as wide as it is counted. */
export function oneLine(text: string): string {
  return visibleText(text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')).trim();
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}
