import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import type { RunEvent } from '../protocol/events.ts';
import { hasTrainer, livenessOf } from '../runs/liveness.ts';
import { openEventReader } from '../runs/log/read-events.ts';
import type { EventBatch, EventReader } from '../runs/log/read-events.ts';
import { readRecord } from '../runs/record.ts';

export interface TailOptions {
  /** A reader that has read a part of the log, to go on from there; without one the run is replayed from its beginning. */
  readonly reader?: EventReader;
  /** Ends the tail without an error. */
  readonly signal?: AbortSignal;
  /** The file system says when the log grows; where it does not (network folders), it is looked at this often. */
  readonly pollMs?: number;
  /**
   * The trainer that was just started. Without it, the record tells; with it, the end of an earlier trainer of the same run
   * does not end the tail.
   */
  readonly trainer?: { readonly pid: number; isAlive(): Promise<boolean> };
}

/** Why a tail ended: the trainer said so, or its process is gone without a word. */
export type TailEnd = 'ended' | 'crashed' | 'aborted';

const POLL_MS = 250;
/** How often the process is asked for while nothing is written. */
const ASK_EVERY_MS = 1000;
const TERMINAL: ReadonlySet<RunEvent['type']> = new Set(['stopped', 'finished', 'failed']);

/**
 * Follows the events of a run, live or replayed: yields each batch of new events (never an empty one) and ends, with the
 * reason as its return value, after the trainer's last event or once its process is gone and everything it wrote was read.
 * @throws ProblemError as `EventReader.read` and `readRecord` do
 */
export async function* tailEvents(
  runDir: string,
  options: TailOptions = {},
): AsyncGenerator<EventBatch, TailEnd, void> {
  const { reader = openEventReader(runDir), signal, pollMs = POLL_MS, trainer } = options;
  const alarm = openAlarm(runDir, signal);
  const life = lifeOf(runDir, trainer);
  let wasGone: TailEnd | undefined;
  try {
    while (signal?.aborted !== true) {
      const batch = await reader.read();
      life.see(batch.events);
      if (hasNews(batch)) yield batch;
      if (hasNews(batch) || batch.isMore) {
        wasGone = undefined;
        continue;
      }
      // What was written between the last read and the process's end is read before the tail ends.
      if (wasGone !== undefined) {
        const last = { ...batch, ...reader.finish() };
        if (hasNews(last)) yield last;
        return wasGone;
      }
      wasGone = await life.end();
      if (wasGone === undefined) await alarm.next(pollMs);
    }
    return 'aborted';
  } finally {
    alarm.close();
  }
}

function hasNews({ events, badLines, isRestart }: EventBatch): boolean {
  return events.length > 0 || badLines.length > 0 || isRestart;
}

/** Tells from events and process whether more is to come. */
function lifeOf(runDir: string, trainer: TailOptions['trainer']) {
  /** Process that wrote the latest events, and whether it said that it ended. */
  let writer: number | undefined;
  let hasSaidEnd = false;
  let askedAt = -Infinity;

  function see(events: readonly RunEvent[]): void {
    for (const event of events) {
      if (event.type === 'started' || event.type === 'resumed') {
        writer = event.pid;
        hasSaidEnd = false;
      } else if (TERMINAL.has(event.type)) hasSaidEnd = true;
    }
    askedAt = -Infinity;
  }

  async function end(): Promise<TailEnd | undefined> {
    if (trainer === undefined && !isDue()) return undefined;
    if (trainer === undefined) return endByRecord();
    const isOfEarlierTrainer = writer !== undefined && writer !== trainer.pid;
    if (hasSaidEnd && !isOfEarlierTrainer) return 'ended';
    return !isDue() || (await trainer.isAlive()) ? undefined : 'crashed';
  }

  /** Whether the process was not asked for lately. */
  function isDue(): boolean {
    const now = performance.now();
    if (now - askedAt < ASK_EVERY_MS) return false;
    askedAt = now;
    return true;
  }

  async function endByRecord(): Promise<TailEnd | undefined> {
    const record = await readRecord(runDir);
    if (record.status === 'queued') return undefined;
    const isActive = hasTrainer(await livenessOf(runDir, record));
    // A new trainer may have taken the run up and not have written yet.
    if (isActive && !(hasSaidEnd && record.process?.pid === writer)) return undefined;
    return hasSaidEnd || record.status !== 'running' ? 'ended' : 'crashed';
  }

  return { see, end };
}

/** Rings when the log may have grown. */
function openAlarm(runDir: string, signal: AbortSignal | undefined) {
  let ring: (() => void) | undefined;
  let hasRung = false;
  const onChange = () => {
    hasRung = true;
    ring?.();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(runDir, { persistent: false }, (_event, name) => {
      if (name === null || name === 'events.jsonl') onChange();
    });
    watcher.on('error', () => watcher?.close());
  } catch {
    // The system has no watch left: the poll finds what is new.
  }
  signal?.addEventListener('abort', onChange);

  /** Waits for a change since the last call, at most `ms`. */
  async function next(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    if (!hasRung) {
      await new Promise<void>((resolve) => {
        ring = resolve;
        timer = setTimeout(resolve, ms);
      });
    }
    clearTimeout(timer);
    ring = undefined;
    hasRung = false;
  }

  function close(): void {
    watcher?.close();
    signal?.removeEventListener('abort', onChange);
  }
  return { next, close };
}
