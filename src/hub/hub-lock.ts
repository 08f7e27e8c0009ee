import { stat, utimes } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { takeLock } from '../files/exclusive-lock.ts';
import type { ExclusiveLock } from '../files/exclusive-lock.ts';
import { makeFolder } from '../files/subfolder.ts';

/** A lock is touched this often. Of another machine's processes nothing else is known: one untouched for `STALE_MS` was left behind. */
const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;
/** Locks are hidden files of this beginning. */
const LOCK = '.lock';

/** Does work in a folder that one process at a time may do, and waits for its turn. */
export async function withLock<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  await makeFolder(folder);
  const lock = await waitForLock(folder, signal);
  const touch = setInterval(() => {
    const now = new Date();
    utimes(lock.path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await lock.release();
  }
}

async function waitForLock(folder: string, signal: AbortSignal | undefined): Promise<ExclusiveLock> {
  for (;;) {
    const lock = await takeLock(folder, LOCK, { isForeignAlive: isTouched });
    if (lock.isTaken) return lock;
    signal?.throwIfAborted();
    // At random, or two that began together would meet again for ever.
    const pauseMs = POLL_MS * (0.5 + Math.random());
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}

async function isTouched(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs <= STALE_MS;
}
