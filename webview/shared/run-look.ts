import { DASHES } from './line.ts';

/** Ten hues with a contrast of at least 3 on white and on dark grey, far apart from each other. */
const HUES = [
  '#3b82d6',
  '#d9730d',
  '#2e9e5b',
  '#a855c7',
  '#d64545',
  '#0e9aa7',
  '#b8860b',
  '#e0559b',
  '#7a7f2a',
  '#6b6fe0',
];

export interface RunLook {
  readonly colour: string;
  readonly dash?: readonly number[];
}

/** How a run is drawn, everywhere and for ever: from its id alone. Two runs of one hue differ in their dashes. */
export function runLook(id: string): RunLook {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  const dash = DASHES[Math.floor(hash / HUES.length) % DASHES.length];
  return { colour: HUES[hash % HUES.length]!, ...(dash === undefined ? {} : { dash }) };
}
