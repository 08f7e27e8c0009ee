/** Widths and tables as pure functions. */
import { describe, expect, it } from 'vitest';
import { formatTable } from '../../../src/cli/format/format-table.ts';
import { painted, painter } from '../../../src/cli/format/paint.ts';
import { fitText, oneLine, textWidth } from '../../../src/cli/format/text-width.ts';

const plain = painter(false);
const coloured = painter(true);

describe('text', () => {
  it('takes two columns per wide character, none per accent or escape', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('コーヒー')).toBe(8);
    expect(textWidth('cafe\u0301')).toBe(4);
    expect(textWidth('🙂👩‍👩‍👧')).toBe(4);
    expect(textWidth(coloured('red', 'abc'))).toBe(3);
  });

  it('is cut to columns, never through a character', () => {
    expect(fitText('abcdef', 6)).toBe('abcdef');
    expect(fitText('abcdef', 5)).toBe('abcd…');
    expect(fitText('コーヒー', 6)).toBe('コー…');
    expect(fitText('abc', 0)).toBe('');
  });

  it('from data cannot steer the terminal', () => {
    expect(oneLine('a\u001b[2Jb\r\nc\u2028d')).toBe('a [2Jb c d');
  });
});

describe('a table', () => {
  const columns = [{ header: 'name', shrinkTo: 4 }, { header: 'n', align: 'right' as const }, { header: 'id' }];
  const rows = [
    ['コーヒー豆', '1', 'x'],
    ['tea', '12', { text: 'y', style: 'red' as const }],
  ];

  it('aligns by display width', () => {
    expect(formatTable(columns, rows, { paint: plain })).toEqual([
      'name         n  id',
      'コーヒー豆   1  x',
      'tea         12  y',
    ]);
  });

  it('cuts what may shrink, and no more than needed', () => {
    const lines = formatTable(columns, rows, { paint: plain, width: 15 });
    expect(lines).toEqual(['name      n  id', 'コーヒ…   1  x', 'tea      12  y']);
    expect(formatTable(columns, rows, { paint: plain, width: 2 })[1]).toBe('コ…    1  x');
  });

  it('paints cells after padding, so that colours do not move columns', () => {
    const lines = formatTable(columns, rows, { paint: coloured });
    expect(painted(lines[2]!)).toBe('tea         12  \u001b[31my \u001b[39m');
  });
});
