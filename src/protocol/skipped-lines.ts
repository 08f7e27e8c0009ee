/** The lines of a run's event log that are no events: counted, and the first of them kept. */
import { counted, countText } from '../vocabulary/words/number.ts';
import { count, list, object, oneOf, recordOf, text } from '../vocabulary/check.ts';
import type { Infer } from '../vocabulary/check.ts';

/** Why a line was skipped, with the words for it. */
const KINDS = {
  'no-json': 'not a JSON object',
  'no-event': 'not an event that this version knows',
  'too-long': 'longer than 1 MB',
  torn: 'cut off at the end of the file',
} as const;
export type SkippedKind = keyof typeof KINDS;

const NAMES = Object.keys(KINDS) as SkippedKind[];

const badLineCheck = object({
  kind: oneOf(NAMES),
  /** Byte offset of the line's start. */
  offset: count,
  /** Bytes without the line end. */
  length: count,
  /** The line's first 200 characters; empty for one that was too long to be kept. */
  text,
  reason: text,
});

/** A line that is no event; a crash leaves one. */
export type BadLine = Infer<typeof badLineCheck>;

export const skippedLinesCheck = object({
  /** All lines that were skipped, by kind. */
  counts: recordOf(NAMES, count),
  /** The first of them, at most `KEPT_LINES`. */
  first: list(badLineCheck),
});

/** The lines of a log that are no events. */
export type SkippedLines = Infer<typeof skippedLinesCheck>;

/** Lines that are kept: enough to see what happened, however broken a log is. */
export const KEPT_LINES = 100;

export const NONE_SKIPPED: SkippedLines = {
  counts: { 'no-json': 0, 'no-event': 0, 'too-long': 0, torn: 0 },
  first: [],
};

/** The lines with more of them; the given ones stay as they are. */
export function addSkipped({ counts, first }: SkippedLines, more: readonly BadLine[]): SkippedLines {
  const sums = { ...counts };
  for (const { kind } of more) sums[kind]++;
  return { counts: sums, first: [...first, ...more.slice(0, KEPT_LINES - first.length)] };
}

/** How many lines were skipped and why, as one sentence; undefined when none was. */
export function skippedText({ counts }: Pick<SkippedLines, 'counts'>): string | undefined {
  const total = NAMES.reduce((sum, kind) => sum + counts[kind], 0);
  if (total === 0) return undefined;
  const why = NAMES.filter((kind) => counts[kind] > 0).map((kind) => `${countText(counts[kind])} ${KINDS[kind]}`);
  return `Skipped ${counted(total, 'line')} of events.jsonl: ${why.join(', ')}.`;
}
