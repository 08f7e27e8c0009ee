/**
 * Controls that change what is shown around them, other than line end and tab: C0, DEL and C1 (ECMA-48), which terminals obey, and the
 * embeddings, overrides and isolates of the bidirectional algorithm (Unicode Annex 9).
 */
const CONTROLS = '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069';

/** One control, as the source of a regular expression. */
export const CONTROL = `[${CONTROLS}]`;

const EVERY_CONTROL = new RegExp(CONTROL, 'g');

/** Text from anywhere with its controls made visible, so that whatever shows it shows nothing else: `␛[2J`, `<U+202E>`. */
export function visibleText(text: string): string {
  return text.replace(EVERY_CONTROL, visibleControl);
}

/** A control as a picture (Unicode block Control Pictures), or by its number. */
export function visibleControl(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
