import { parseArgs } from 'node:util';
import { FORMAT_NAMES } from './formats.ts';
import type { FormatName } from './formats.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Inputs of each format. */
  readonly perFormat: number;
  readonly formats: readonly FormatName[];
  /** Workers that read at the same time. */
  readonly nJobs: number;
  /** Whether inputs that fail are made shorter and kept as fixtures. */
  readonly isKeeping: boolean;
}

/** Of all formats together more than 100,000. */
const FULL = 5600;
/** A part of two minutes on a busy machine. */
const SHORT = 80;

/** Reads `--seed N --per-format N --formats a,b --jobs N --short --keep`. */
export function readOptions(args: readonly string[]): FuzzOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: '1' },
      'per-format': { type: 'string' },
      formats: { type: 'string' },
      jobs: { type: 'string', default: '2' },
      short: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  const formats = values.formats === undefined ? FORMAT_NAMES : values.formats.split(',').map(formatNamed);
  return {
    seed: wholeNumber('--seed', values.seed),
    perFormat:
      values['per-format'] === undefined
        ? values.short
          ? SHORT
          : FULL
        : wholeNumber('--per-format', values['per-format']),
    formats,
    nJobs: Math.max(1, wholeNumber('--jobs', values.jobs)),
    isKeeping: values.keep,
  };
}

function formatNamed(name: string): FormatName {
  const found = FORMAT_NAMES.find((each) => each === name);
  if (found === undefined) throw new Error(`There is no format ${name}; known are ${FORMAT_NAMES.join(', ')}.`);
  return found;
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${option}: found ${text}, expected a whole number.`);
  return Number(text);
}
