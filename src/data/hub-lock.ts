import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** The holder touches its lock this often; a lock untouched for `STALE_MS` was left behind. */
const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const POLL_MS = 200;

/**
 * Does work that one process at a time may do, on the strength of a lock file. Waits while another process holds it; a lock whose
 * process is gone is taken over.
 */
export async function withLock<T>(path: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}`;
  while (!(await take(path, mine))) {
    signal?.throwIfAborted();
    await delay(POLL_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
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
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
  }
}

async function take(path: string, mine: string): Promise<boolean> {
  try {
    await writeFile(path, mine, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = await readFile(path, 'utf8').catch(() => null);
  if (holder !== null && (await isLeftBehind(path, holder))) {
    // Renamed first, so that of two who find it left behind one removes it; it is put back if it was taken over meanwhile.
    const aside = `${path}.${randomBytes(4).toString('hex')}`;
    const isMoved = await rename(path, aside).then(
      () => true,
      () => false,
    );
    if (isMoved && (await readFile(aside, 'utf8')) !== holder) await rename(aside, path);
    else if (isMoved) await rm(aside, { force: true });
  }
  return false;
}

async function isLeftBehind(path: string, holder: string): Promise<boolean> {
  const [pid, host] = holder.split(' ');
  if (host === hostname() && Number(pid) > 0 && !isAlive(Number(pid))) return true;
  // Of another machine, or of a process that got the number of one that is gone.
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > STALE_MS;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
