import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { formatWrongs } from '../protocol/check.ts';
import { EVENTS_VERSION } from '../protocol/events.ts';
import type { RunEvent } from '../protocol/events.ts';
import { checkRunEvent } from '../protocol/guards.ts';
import { runPaths } from './layout.ts';
import { refuseNewer } from './read-json.ts';
import { errorCode } from '../files/write-file.ts';

/** A whole line that is no event; a crash leaves one. Readers skip it and may show it. */
export interface BadLine {
  /** Byte offset of the line's start. */
  readonly offset: number;
  /** The line's first 200 characters. */
  readonly text: string;
  readonly reason: string;
}

export interface EventBatch {
  /** Whole new events, oldest first, superseded ones included. */
  readonly events: readonly RunEvent[];
  readonly badLines: readonly BadLine[];
  /** Byte offset behind the last whole line: where a later reader can go on. */
  readonly offset: number;
  /** The file was cut or replaced: this batch starts anew, forget all earlier ones. */
  readonly isRestart: boolean;
}

/** Reads a growing `events.jsonl` piece by piece. One `read` at a time. */
export interface EventReader {
  /**
   * All whole lines since the last read; none when the file does not exist yet. An unfinished last line waits for its end.
   * @throws ProblemError `newer-version`
   */
  read(): Promise<EventBatch>;
}

/** About 1,500 events: what is parsed at a stretch stays below 10 ms, so that an editor's thread can read a long log itself. */
const CHUNK = 1 << 18;
const LINE_END = 0x0a;

/** Opens a reader of a run's events that starts at a byte offset given by an earlier batch, or at the beginning. */
export function openEventReader(runDir: string, fromOffset = 0): EventReader {
  const path = runPaths.events(runDir);
  let offset = fromOffset;
  let inode: number | undefined;

  async function read(): Promise<EventBatch> {
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      const isRestart = inode !== undefined;
      if (isRestart) offset = 0;
      inode = undefined;
      return { events: [], badLines: [], offset, isRestart };
    }
    try {
      const { size, ino } = await file.stat();
      const isRestart = size < offset || (inode !== undefined && ino !== inode);
      inode = ino;
      if (isRestart) offset = 0;
      const events: RunEvent[] = [];
      const badLines: BadLine[] = [];
      let end = offset;
      for await (const lines of readLines(file, offset, size)) {
        parseLines(lines, path, { events, badLines });
        end = lines.end;
      }
      offset = end;
      return { events, badLines, offset, isRestart };
    } finally {
      await file.close();
    }
  }
  return { read };
}

/** All events of a run, oldest first, superseded ones included; none when there is no log yet. */
export async function readEvents(runDir: string): Promise<EventBatch> {
  return openEventReader(runDir).read();
}

/** The whole lines of a piece of the file. */
interface Lines {
  /** Without their ends. */
  readonly lines: readonly { readonly offset: number; readonly text: string }[];
  /** Offset behind the last whole line. */
  readonly end: number;
}

/** Splits at the byte of the line end, so that a character of several bytes is never cut. */
async function* readLines(file: FileHandle, start: number, size: number): AsyncGenerator<Lines> {
  let end = start;
  let rest: Buffer = Buffer.alloc(0);
  for (let position = start; position < size;) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    const bytes =
      rest.length === 0 ? chunk.subarray(0, bytesRead) : Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    const lines: { offset: number; text: string }[] = [];
    let from = 0;
    for (let to = bytes.indexOf(LINE_END, rest.length); to >= 0; to = bytes.indexOf(LINE_END, from)) {
      lines.push({ offset: end, text: bytes.toString('utf8', from, to) });
      end += to + 1 - from;
      from = to + 1;
    }
    rest = bytes.subarray(from);
    yield { lines, end };
  }
}

function parseLines({ lines }: Lines, path: string, into: { events: RunEvent[]; badLines: BadLine[] }): void {
  const { events, badLines } = into;
  for (const { offset, text } of lines) {
    if (text === '' || text === '\r') continue;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      badLines.push({ offset, text: text.slice(0, 200), reason: (error as Error).message });
      continue;
    }
    refuseNewer(value, EVENTS_VERSION, path);
    const checked = checkRunEvent(value);
    if (checked.ok) events.push(checked.value);
    else badLines.push({ offset, text: text.slice(0, 200), reason: formatWrongs(checked.wrongs) });
  }
}
