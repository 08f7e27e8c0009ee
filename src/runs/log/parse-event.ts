import { isUtf8 } from 'node:buffer';
import { formatWrongs } from '../../vocabulary/check.ts';
import { EVENTS_VERSION } from '../../protocol/events.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { checkRunEvent } from '../../protocol/events.ts';
import type { BadLine, SkippedKind } from '../../protocol/skipped-lines.ts';
import type { Line } from './read-lines.ts';
import { refuseNewer } from '../read-json.ts';

/** Longest line of an event log in bytes; the longest event is a thousandth of it. */
export const MAX_LINE_BYTES = 1 << 20;

/** What messages keep of a line and of what is wrong with it. */
const SHOWN_CHARS = 200;

export type ParsedLine = { readonly event: RunEvent } | { readonly badLine: BadLine };

/**
 * The event of a line of `events.jsonl`, or why it is none; undefined for an empty line. `path` names the file.
 * @throws ProblemError `newer-version`
 */
export function parseEventLine({ offset, length, bytes }: Line, path: string): ParsedLine | undefined {
  if (bytes === undefined) {
    const reason = `found ${length} bytes, expected at most ${MAX_LINE_BYTES}`;
    return { badLine: { kind: 'too-long', offset, length, text: '', reason } };
  }
  const text = bytes.toString('utf8');
  if (text === '' || text === '\r') return undefined;
  const bad = (kind: SkippedKind, reason: string): ParsedLine => ({
    badLine: { kind, offset, length, text: text.slice(0, SHOWN_CHARS), reason: reason.slice(0, SHOWN_CHARS) },
  });
  // Decoding replaces what is no UTF-8; the text of an event would silently be another one.
  if (text.includes('\uFFFD') && !isUtf8(bytes)) return bad('no-json', 'found bytes that are no UTF-8');
  // Refused before it is parsed: an error for each of a hundred million short lines would take an hour.
  if (!text.startsWith('{') || !text.trimEnd().endsWith('}')) return bad('no-json', 'found no object from { to }');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad('no-json', (error as Error).message);
  }
  refuseNewer(value, EVENTS_VERSION, path);
  const checked = checkRunEvent(value);
  return checked.ok ? { event: checked.value } : bad('no-event', formatWrongs(checked.wrongs.slice(0, 3)));
}
