/**
 * Styles of text. On its way to the terminal a style is a mark with a number that is drawn when the program begins, not an escape:
 * what comes from data cannot be a mark, so the terminal tells its own styles from escapes that somebody planted.
 */
import { randomBytes } from 'node:crypto';
import { CONTROL, visibleControl } from '../../protocol/visible-text.ts';

const STYLES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Style = keyof typeof STYLES;

/** Adds a style to a text; gives the text as it is where colours are not wanted. */
export type Paint = (style: Style, text: string) => string;

const SECRET = randomBytes(12).toString('hex');
const MARK = new RegExp(`\\u0010${SECRET}:\\d+;`, 'g');
const MARK_OR_CONTROL = new RegExp(`\\u0010${SECRET}:(\\d+);|${CONTROL}`, 'g');

/** A painter that writes marks, or one that does nothing. */
export function painter(isColoured: boolean): Paint {
  if (!isColoured) return (_style, text) => text;
  const mark = (code: number): string => `\u0010${SECRET}:${code};`;
  return (style, text) => `${mark(STYLES[style][0])}${text}${mark(STYLES[style][1])}`;
}

/** The text without its marks, as wide as it will be. */
export function withoutMarks(text: string): string {
  return text.replace(MARK, '');
}

/** The text for a screen: marks become ANSI escapes, every other control is made visible. */
export function painted(text: string): string {
  return text.replace(MARK_OR_CONTROL, (found, code: string | undefined) =>
    code === undefined ? visibleControl(found) : `\u001b[${code}m`,
  );
}
