/** Numbers as terminal, editor and panels show them. */
import { describe, expect, it } from 'vitest';
import { csvText } from '../../../src/vocabulary/words/csv.ts';
import { durationText } from '../../../src/vocabulary/words/duration.ts';
import {
  deltaMark,
  deltaText,
  doubtText,
  intervalText,
  metricText,
  scoreText,
} from '../../../src/vocabulary/words/metric.ts';
import {
  counted,
  countText,
  lossText,
  rateText,
  significantText,
  writtenNumber,
} from '../../../src/vocabulary/words/number.ts';
import { pValueText } from '../../../src/vocabulary/words/p-value.ts';
import { partText, percentText } from '../../../src/vocabulary/words/share.ts';
import { bytesText } from '../../../src/vocabulary/words/size.ts';
import { agoText, dayHeading, timeText } from '../../../src/vocabulary/words/time.ts';

describe('a metric', () => {
  it('has four decimals, a score three, with a true minus and no signed zero', () => {
    expect([0.92725, -0.5, -0.00001, null, undefined, NaN].map(metricText)).toEqual([
      '0.9273',
      '−0.5000',
      '0.0000',
      '–',
      '–',
      '–',
    ]);
    expect([11.12345, -0.0001, -2].map(scoreText)).toEqual(['11.123', '0.000', '−2.000']);
  });

  it('differs by a signed number, or by nothing when it rounds to zero', () => {
    const deltas = [0.01234, -0.01234, 0, 0.00004, -0.00004];
    expect(deltas.map(deltaText)).toEqual(['+0.0123', '−0.0123', '0.0000', '0.0000', '0.0000']);
    expect(deltas.map(deltaMark)).toEqual(['▲', '▼', '=', '=', '=']);
  });

  it('has an interval, which is doubtful where it holds 0', () => {
    expect(intervalText([-0.0012, 0.01])).toBe('[−0.0012, +0.0100]');
    expect(doubtText([-0.0012, 0.01])).toBe(', not significant');
    expect(doubtText([0, 0.01])).toBe(', not significant');
    expect([doubtText([0.001, 0.01]), doubtText([-0.01, -0.001])]).toEqual(['', '']);
  });

  it('has a p value with three decimals that is never 0', () => {
    expect([0, 0.0009, 0.001, 0.0421, 1].map(pValueText)).toEqual([
      'p < 0.001',
      'p < 0.001',
      'p = 0.001',
      'p = 0.042',
      'p = 1.000',
    ]);
  });
});

describe('a number', () => {
  it('that is whole has its thousands separated', () => {
    expect([1_818_825, 12, -1234].map(countText)).toEqual(['1,818,825', '12', '−1,234']);
    expect([counted(1, 'query', 'queries'), counted(2000, 'query', 'queries'), counted(0, 'step')]).toEqual([
      '1 query',
      '2,000 queries',
      '0 steps',
    ]);
  });

  it('that is a loss has four significant digits, a learning rate two', () => {
    expect([0.04321, 1.5, 123.456, 0.0000123, 0, 12345678, -0.25].map(lossText)).toEqual([
      '0.04321',
      '1.500',
      '123.5',
      '1.23e-5',
      '0.000',
      '1.235e7',
      '−0.2500',
    ]);
    expect([7e-6, 6.34e-6, 0, 1e-3, 10].map(rateText)).toEqual(['7e-6', '6.3e-6', '0', '1e-3', '1e1']);
  });

  it('of any size has at most four significant digits, and none too many', () => {
    expect([0, 0.25, 1234.56, 2e6, -0.00012, Infinity].map(significantText)).toEqual([
      '0',
      '0.25',
      '1235',
      '2.00e6',
      '−1.20e-4',
      '–',
    ]);
  });

  it('of an experiment is shown as it would be written', () => {
    expect([7e-6, 0.001, 0, 64].map(writtenNumber)).toEqual(['7e-6', '0.001', '0', '64']);
  });
});

describe('a share', () => {
  it('is 100 % only when all is done', () => {
    expect([0, 0.29, 0.999, 1].map(percentText)).toEqual(['0 %', '29 %', '99 %', '100 %']);
  });

  it('of a total has one decimal', () => {
    expect([partText(1, 3), partText(3, 3), partText(0, 0)]).toEqual(['33.3 %', '100.0 %', '0.0 %']);
  });
});

it('a duration has its two largest units', () => {
  const durations = [-5, 0, 400, 9900, 9990, 59_400, 59_600, 130_000, 3_840_000, 183_600_000, NaN];
  expect(durations.map(durationText)).toEqual([
    '0s',
    '0s',
    '0.4s',
    '9.9s',
    '10s',
    '59s',
    '1m 00s',
    '2m 10s',
    '1h 04m',
    '2d 03h',
    '–',
  ]);
});

it('a size has a decimal unit', () => {
  expect([0, 999, 1500, 68_000_000, 1.25e9, 9e15].map(bytesText)).toEqual([
    '0 B',
    '999 B',
    '1.5 kB',
    '68 MB',
    '1.3 GB',
    '9000 TB',
  ]);
});

describe('a time', () => {
  const now = new Date(2026, 10, 23, 22, 3).getTime();
  const before = (hours: number): number => now - hours * 3_600_000;

  it('is local, or told by how long ago it was', () => {
    expect(timeText(now)).toBe('2026-11-23 22:03');
    expect([0, 0.1, 2, 23, 72, 24 * 30].map((hours) => agoText(before(hours), now))).toEqual([
      'just now',
      '6 min ago',
      '2 h ago',
      'yesterday',
      '3 days ago',
      '2026-10-24',
    ]);
  });

  it('belongs to a day', () => {
    expect([1, 24, 48].map((hours) => dayHeading(before(hours), now))).toEqual(['Today', 'Yesterday', '2026-11-21']);
  });
});

it('a table is CSV that quotes what needs it and leaves empty what is not there', () => {
  const rows = [['a,b', 'say "x"\n', true], [1e-7, NaN, null], []];
  expect(csvText(['text', 'more', 'last'], rows)).toBe('text,more,last\n"a,b","say ""x""\n",true\n1e-7,,\n\n');
});
