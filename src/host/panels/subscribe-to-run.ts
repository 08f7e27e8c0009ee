import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tailEvents } from '../../process/tail.ts';
import type { RunAbout } from '../../protocol/panels/run-data.ts';
import { isOver } from '../../vocabulary/status.ts';
import type { RunUpdate } from '../../protocol/panels/run-updates.ts';
import { readAnnotation } from '../../runs/annotation.ts';
import { judgeRun } from '../../runs/judge-run.ts';
import { openEventReader } from '../../runs/log/read-events.ts';
import { readRecord } from '../../runs/record.ts';
import { hasCheckpoint } from './has-checkpoint.ts';
import { openRunStream } from './run-stream.ts';

/** Updates are at least this far apart: faster than the eye follows, slow enough for 200 events a second. */
const UPDATE_MS = 80;
/** How often `run.json` and `annotation.json` are looked at while the run is active, and when it is not. */
const LOOK_MS = { active: 1000, idle: 3000 } as const;

/** What is known of a run beside its events, read now. */
export async function readAbout(runDir: string): Promise<RunAbout> {
  const [{ record, status }, annotation, isResumable] = await Promise.all([
    readRecord(runDir).then((read) => judgeRun(runDir, read)),
    readAnnotation(runDir),
    hasCheckpoint(runDir),
  ]);
  const title = record.baseline === undefined ? undefined : await titleOf(join(dirname(runDir), record.baseline));
  return { record, annotation, status, isResumable, ...(title === undefined ? {} : { baselineTitle: title }) };
}

/** What lists call a run; undefined where it cannot be read. */
async function titleOf(runDir: string): Promise<string | undefined> {
  try {
    const [{ name }, { title }] = await Promise.all([readRecord(runDir), readAnnotation(runDir)]);
    return title ?? name;
  } catch {
    return undefined;
  }
}

/** Where a followed run's news go. */
export interface RunSubscriber {
  readonly onUpdate: (update: RunUpdate) => void;
  readonly onAbout: (about: RunAbout) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows a run from its beginning, past its end and through resumes, until the signal. Never throws. */
export function subscribeToRun(runDir: string, followers: RunSubscriber, signal: AbortSignal): void {
  const onError = (error: unknown): void => {
    if (!signal.aborted) followers.onError(error);
  };
  followEvents(runDir, followers, signal).catch(onError);
  followAbout(runDir, followers, signal).catch(onError);
}

async function followEvents(runDir: string, { onUpdate }: RunSubscriber, signal: AbortSignal): Promise<void> {
  const stream = openRunStream();
  const reader = openEventReader(runDir);
  let timer: NodeJS.Timeout | undefined;
  const send = () => {
    timer = undefined;
    const update = signal.aborted ? undefined : stream.take();
    if (update !== undefined) onUpdate(update);
  };
  signal.addEventListener('abort', () => clearTimeout(timer));
  let isFirst = true;
  while (!signal.aborted) {
    for await (const batch of tailEvents(runDir, { reader, signal })) {
      stream.add(batch);
      if (isFirst) send();
      else timer ??= setTimeout(send, UPDATE_MS);
      isFirst = false;
    }
    if (isFirst) send();
    isFirst = false;
    // Ended or crashed; a resume appends to the same log.
    await delay(LOOK_MS.active, undefined, { signal }).catch(() => undefined);
  }
}

async function followAbout(runDir: string, { onAbout }: RunSubscriber, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const about = await readAbout(runDir);
    const now = JSON.stringify(about);
    if (now !== last) onAbout(about);
    last = now;
    await delay(LOOK_MS[isOver(about.status) ? 'idle' : 'active'], undefined, { signal }).catch(() => undefined);
  }
}
