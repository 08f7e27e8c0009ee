import type { Paint, Style } from './paint.ts';
import { fitText, oneLine, textWidth } from './text-width.ts';
import { maxOf } from '../../vocabulary/extremes.ts';

export interface TableColumn {
  readonly header: string;
  readonly align?: 'right';
  /** Cut first when the table is too wide, down to this many columns. */
  readonly shrinkTo?: number;
}

/** A text, or one with a style; the style is added after the text was cut and padded. */
export type TableCell = string | { readonly text: string; readonly style: Style };

const GAP = '  ';

/** Lines of a table: a dim header and a line per row. `width` is that of the terminal; shrinkable columns give way to it. */
export function formatTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly TableCell[])[],
  { paint, width = Infinity }: { readonly paint: Paint; readonly width?: number },
): string[] {
  const widths = columns.map(({ header }, i) =>
    maxOf(
      rows.map((row) => textWidth(textOf(row[i] ?? ''))),
      textWidth(header),
    ),
  );
  shrink(columns, widths, width);
  const line = (cells: readonly TableCell[]): string =>
    columns
      .map(({ align }, i) => {
        const cell = cells[i] ?? '';
        const padded = pad(fitText(textOf(cell), widths[i]!), widths[i]!, align === 'right');
        return typeof cell === 'string' ? padded : paint(cell.style, padded);
      })
      .join(GAP)
      .trimEnd();
  return [paint('dim', line(columns.map(({ header }) => header))), ...rows.map(line)];
}

/** Columns that a table takes when nothing is cut. */
export function tableWidth(lines: readonly string[]): number {
  return maxOf(lines.map(textWidth), 0);
}

/** A row is one line, whatever its cells hold. */
function textOf(cell: TableCell): string {
  return oneLine(typeof cell === 'string' ? cell : cell.text);
}

function pad(text: string, width: number, isRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return isRight ? blanks + text : text + blanks;
}

/** Takes what is too much from the shrinkable columns, the widest first. */
function shrink(columns: readonly TableColumn[], widths: number[], width: number): void {
  let excess = widths.reduce((sum, w) => sum + w, 0) + GAP.length * (columns.length - 1) - width;
  while (excess > 0) {
    const i = columns.reduce((best, { shrinkTo }, at) => {
      const canGive = shrinkTo !== undefined && widths[at]! > shrinkTo;
      return canGive && (best < 0 || widths[at]! > widths[best]!) ? at : best;
    }, -1);
    if (i < 0) return;
    widths[i]!--;
    excess--;
  }
}
