import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { checkRunEvent } from '../../protocol/events.ts';
import { formatWrongs } from '../../vocabulary/check.ts';
import type { RunEvent } from '../../protocol/events.ts';
import { runPaths } from '../layout.ts';
import { MAX_LINE_BYTES } from './parse-event.ts';
import { writeProblem } from '../../files/os-problem.ts';

/** The trainer's end of `events.jsonl`. */
export interface EventLog {
  /**
   * Appends events with one write; once it returns they survive the death of the process.
   * @throws ProblemError `disk-full`, `cannot-write`; TypeError for what is no event (for example a loss of NaN)
   */
  append(...events: readonly RunEvent[]): void;
  close(): void;
}

/** Events after which the file is flushed to the disk, so that they survive a power cut as the checkpoint does. */
const DURABLE: ReadonlySet<RunEvent['type']> = new Set(['checkpoint', 'stopped', 'finished', 'failed']);

const LINE_END = 0x0a;

/**
 * Opens the event log of a run for appending. A last line that a crash has torn is ended first, so that it spoils no
 * later one. The heartbeat's thread appends to the same file: each writes whole lines with O_APPEND, which does not mix them.
 */
export function openEventLog(runDir: string): EventLog {
  const path = runPaths.events(runDir);
  let fd: number;
  try {
    fd = openSync(path, 'a+');
  } catch (error) {
    throw writeProblem(error, path);
  }
  let isTorn = endsTorn(fd);

  function append(...events: readonly RunEvent[]): void {
    if (events.length === 0) return;
    const lines = events.map((event) => `${lineOf(checkedEvent(event))}\n`).join('');
    try {
      const bytes = Buffer.from(isTorn ? `\n${lines}` : lines);
      isTorn = true;
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
      isTorn = false;
      if (events.some((event) => DURABLE.has(event.type))) fsyncSync(fd);
    } catch (error) {
      throw writeProblem(error, path);
    }
  }
  return { append, close: () => closeSync(fd) };
}

/** An event as a line that readers take: what a problem quotes at length (a cell, a list of files) is cut, nothing else is that long. */
function lineOf(event: RunEvent): string {
  const line = JSON.stringify(event);
  if (Buffer.byteLength(line) <= MAX_LINE_BYTES) return line;
  if (!('problem' in event)) throw new TypeError(`An event of ${line.length} characters (${event.type})`);
  const { problem } = event;
  const cut = Object.entries(problem).map(([name, text]) => [name, text.slice(0, LONGEST_TEXT)] as const);
  return JSON.stringify({ ...event, problem: Object.fromEntries(cut) });
}

/** Characters of each text of a problem whose event would be too long. */
const LONGEST_TEXT = 10_000;

function checkedEvent(event: RunEvent): RunEvent {
  const checked = checkRunEvent(event);
  if (!checked.ok) throw new TypeError(`Not a run event (${event.type}): ${formatWrongs(checked.wrongs)}`);
  return event;
}

function endsTorn(fd: number): boolean {
  const { size } = fstatSync(fd);
  const last = Buffer.alloc(1);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LINE_END;
}
