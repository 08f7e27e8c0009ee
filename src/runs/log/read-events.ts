import type { RunEvent } from '../../protocol/events.ts';
import type { BadLine } from '../../protocol/skipped-lines.ts';
import { openFile } from '../../files/open-file.ts';
import { errorCode } from '../../files/os-problem.ts';
import { runPaths } from '../layout.ts';
import { MAX_LINE_BYTES, parseEventLine } from './parse-event.ts';
import { splitLines } from './read-lines.ts';
import type { Line } from './read-lines.ts';

export interface EventBatch {
  /** Whole new events, oldest first, superseded ones included. */
  readonly events: readonly RunEvent[];
  /** Lines that are no events; readers skip them and say so. */
  readonly badLines: readonly BadLine[];
  /** Byte offset behind the last whole line: where a later reader can go on. */
  readonly offset: number;
  /** The file was cut or replaced: this batch starts anew, forget all earlier ones. */
  readonly isRestart: boolean;
  /** Whether the file goes on: the next read gives more at once. */
  readonly isMore: boolean;
  /** Bytes that this read took from the file. */
  readonly nBytesRead: number;
}

/** Reads a growing `events.jsonl` piece by piece. One `read` at a time. */
export interface EventReader {
  /**
   * The next piece: at most some thousand whole lines that were not read yet; none when the file does not exist yet. An
   * unfinished last line waits for its end, and what is known of it is not read again.
   * @throws ProblemError `newer-version`, `cannot-read` (no ordinary file)
   */
  read(): Promise<EventBatch>;
  /**
   * What the unfinished last line holds, once nobody writes any more: its event if only the line end is missing, else a bad
   * line `torn`. It is told once, also when a resumed run ends the line later.
   */
  finish(): Pick<EventBatch, 'events' | 'badLines'>;
}

/** About 1,500 events: what is parsed at a stretch stays below 10 ms, so that an editor's thread can read a long log itself. */
const CHUNK = 1 << 18;

/** Opens a reader of a run's events that starts at a byte offset given by an earlier batch, or at the beginning. */
export function openEventReader(runDir: string, fromOffset = 0): EventReader {
  const path = runPaths.events(runDir);
  let lines = splitLines(fromOffset, MAX_LINE_BYTES);
  let inode: number | undefined;
  /** Offset of the unfinished line that `finish` has reported. */
  let reportedLine: number | undefined;

  function startAnew(): void {
    lines = splitLines(0, MAX_LINE_BYTES);
    reportedLine = undefined;
  }

  async function read(): Promise<EventBatch> {
    const found = await openFile(path).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) {
      const isRestart = inode !== undefined;
      if (isRestart) startAnew();
      inode = undefined;
      return { events: [], badLines: [], offset: lines.lineStart, isRestart, isMore: false, nBytesRead: 0 };
    }
    const { file } = found;
    const { size, ino } = found.stat;
    try {
      const isRestart = size < lines.position || (inode !== undefined && ino !== inode);
      inode = ino;
      if (isRestart) startAnew();
      const piece = Buffer.allocUnsafe(Math.min(CHUNK, size - lines.position));
      const { bytesRead } = await file.read(piece, 0, piece.length, lines.position);
      const parsed = parseLines(lines.push(piece.subarray(0, bytesRead)));
      const isMore = bytesRead > 0 && lines.position < size;
      return { ...parsed, offset: lines.lineStart, isRestart, isMore, nBytesRead: bytesRead };
    } finally {
      await file.close();
    }
  }

  function parseLines(found: readonly Line[]): { events: RunEvent[]; badLines: BadLine[] } {
    const events: RunEvent[] = [];
    const badLines: BadLine[] = [];
    for (const line of found) {
      if (line.offset === reportedLine) continue;
      const parsed = parseEventLine(line, path);
      if (parsed === undefined) continue;
      if ('event' in parsed) events.push(parsed.event);
      else badLines.push(parsed.badLine);
    }
    return { events, badLines };
  }

  function finish(): Pick<EventBatch, 'events' | 'badLines'> {
    const rest = lines.rest();
    if (rest === undefined || rest.offset === reportedLine) return { events: [], badLines: [] };
    const { events, badLines } = parseLines([rest]);
    reportedLine = rest.offset;
    return { events, badLines: badLines.map((line) => (line.kind === 'too-long' ? line : { ...line, kind: 'torn' })) };
  }
  return { read, finish };
}

/**
 * All events of a run at once, oldest first, superseded ones included; none when there is no log yet. A long log takes
 * hundreds of megabytes this way: who wants the run's state folds it (`foldLog`).
 */
export async function readEvents(runDir: string): Promise<Pick<EventBatch, 'events' | 'badLines' | 'offset'>> {
  const reader = openEventReader(runDir);
  const events: RunEvent[] = [];
  const badLines: BadLine[] = [];
  for (;;) {
    const batch = await reader.read();
    for (const event of batch.events) events.push(event);
    for (const line of batch.badLines) badLines.push(line);
    if (!batch.isMore) return { events, badLines, offset: batch.offset };
  }
}
