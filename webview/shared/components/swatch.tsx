import type { Line } from '../line.ts';

/** A short piece of a line as it is drawn. */
export function Swatch({ colour, dash, width }: Pick<Line, 'colour' | 'dash' | 'width'>) {
  return (
    <svg width="20" height="10" class="swatch" aria-hidden="true">
      <line x1="0" y1="5" x2="20" y2="5" stroke={colour} stroke-width={width} stroke-dasharray={dash?.join(' ')} />
    </svg>
  );
}
