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

/** A painter that writes ANSI escapes, or one that does nothing. */
export function painter(isColoured: boolean): Paint {
  if (!isColoured) return (_style, text) => text;
  return (style, text) => `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m`;
}
