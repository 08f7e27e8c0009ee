/** Numbers, widths and tables as pure functions. */
import { describe, expect, it } from 'vitest';
import {
  bytesText,
  countText,
  durationText,
  intervalText,
  lossText,
  metricValue,
  percentText,
  pValue,
  rateText,
  signedDelta,
} from '../../../src/cli/format/format-number.ts';
import { formatTable } from '../../../src/cli/format/format-table.ts';
import { painted, painter } from '../../../src/cli/format/paint.ts';
import { fitText, oneLine, textWidth } from '../../../src/cli/format/text-width.ts';

const plain = painter(false);
const coloured = painter(true);

describe('numbers', () => {
  it('have four decimals, a sign where they are differences, and a true minus', () => {
    expect(metricValue(0.92725)).toBe('0.9273');
    expect(metricValue(-0.5)).toBe('−0.5000');
    expect([0.01234, -0.01234, 0, 0.00004, -0.00004].map(signedDelta)).toEqual([
      '+0.0123',
      '−0.0123',
      '0.0000',
      '0.0000',
      '0.0000',
    ]);
    expect(intervalText([-0.0012, 0.01])).toBe('[−0.0012, +0.0100]');
    expect([0.0009, 0.001, 0.0421, 1].map(pValue)).toEqual(['p < 0.001', 'p = 0.001', 'p = 0.042', 'p = 1.000']);
  });

  it('have units', () => {
    expect([0, 400, 9900, 9990, 59_400, 130_000, 3_840_000, 183_600_000].map(durationText)).toEqual([
      '0s',
      '0.4s',
      '9.9s',
      '10s',
      '59s',
      '2m 10s',
      '1h 04m',
      '2d 03h',
    ]);
    expect([0, 999, 1500, 68_000_000, 1.25e9, 9e15].map(bytesText)).toEqual([
      '0 B',
      '999 B',
      '1.5 kB',
      '68 MB',
      '1.3 GB',
      '9000 TB',
    ]);
    expect([0.04321, 1.5, 123.456, 0.0000123, 0].map(lossText)).toEqual([
      '0.04321',
      '1.500',
      '123.5',
      '1.23e-5',
      '0.000',
    ]);
    expect([7e-6, 6.34e-6, 0, 1e-3].map(rateText)).toEqual(['7e-6', '6.3e-6', '0', '1e-3']);
    expect(countText(1_818_825)).toBe('1,818,825');
  });

  it('say 100 % only when all is done', () => {
    expect([0, 0.29, 0.999, 1].map(percentText)).toEqual(['0%', '29%', '99%', '100%']);
  });
});

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
