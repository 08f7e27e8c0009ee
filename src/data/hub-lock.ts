import { randomBytes } from 'node:crypto';
import { readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeFolder } from '../files/subfolder.ts';
import { identifySelf, mayBeRunning } from '../files/process-identity.ts';
import { readSmallFile } from '../files/read-text.ts';
import type { ProcessIdentity } from '../protocol/run-record.ts';

/** A claim is touched this often. Of another machine's processes nothing else is known: one untouched for `STALE_MS` was left behind. */
const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;
/** More than what names a process takes. */
const CLAIM_BYTES = 4096;
/** Claims are hidden files of this beginning. */
const CLAIM = '.lock';

/**
 * Does work in a folder that one process at a time may do. Everybody who wants to lays down a claim of its own name, then looks for others':
 * who finds none at work may begin, who finds one takes its own back and tries again later. A claim is never renamed or written by others, so
 * that of two at the same moment at most one goes on. A claim of a process that is gone is removed; one that is only suspended keeps it.
 */
export async function withLock<T>(folder: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  await makeFolder(folder);
  const name = `${CLAIM}-${randomBytes(8).toString('hex')}`;
  const path = join(folder, name);
  const mine = JSON.stringify(await identifySelf());
  while (!(await claim(folder, name, mine))) {
    signal?.throwIfAborted();
    // At random, or two that began together would meet again for ever.
    const pauseMs = POLL_MS * (0.5 + Math.random());
    await delay(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  const touch = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  touch.unref();
  try {
    return await work();
  } finally {
    clearInterval(touch);
    await rm(path, { force: true });
  }
}

/** Lays down the claim and keeps it when there is no other. */
async function claim(folder: string, name: string, mine: string): Promise<boolean> {
  // Looking first spares those who wait from disturbing each other.
  if (await hasOther(folder, name)) return false;
  await writeFile(join(folder, name), mine, { flag: 'wx' });
  if (!(await hasOther(folder, name))) return true;
  await rm(join(folder, name), { force: true });
  return false;
}

/** Whether somebody else has a claim; those that were left behind are removed. */
async function hasOther(folder: string, name: string): Promise<boolean> {
  for (const other of await readdir(folder)) {
    if (!other.startsWith(CLAIM) || other === name) continue;
    if (!(await isLeftBehind(join(folder, other)))) return true;
    await rm(join(folder, other), { force: true });
  }
  return false;
}

async function isLeftBehind(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  // Taken back meanwhile.
  if (info === null) return true;
  const holder = readHolder((await readSmallFile(path, CLAIM_BYTES)) ?? '');
  if (holder?.host === hostname()) return !(await mayBeRunning(holder));
  // Of another machine, or not yet written.
  return Date.now() - info.mtimeMs > STALE_MS;
}

/** Who holds a claim; versions before wrote `<pid> <host> <random>`, without a start time. */
function readHolder(text: string): ProcessIdentity | undefined {
  const old = /^(\d+) (\S+) [0-9a-f]+$/.exec(text);
  if (old !== null) return { pid: Number(old[1]), host: old[2]!, startTime: '' };
  try {
    const { pid, startTime, host } = JSON.parse(text) as Partial<ProcessIdentity>;
    if (typeof pid !== 'number' || typeof startTime !== 'string' || typeof host !== 'string') return undefined;
    return { pid, startTime, host };
  } catch {
    return undefined;
  }
}
