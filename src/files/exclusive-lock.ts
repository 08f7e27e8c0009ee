/**
 * A lock that one process at a time holds, as numbered files `<name>-<n>` of a folder. A lock left behind by a dead process is never
 * taken away, which two could do at once, but overbid: whoever creates the next number alone holds the lock, and removes the older ones.
 */
import { randomBytes } from 'node:crypto';
import { link, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { checkProcessIdentity } from '../protocol/run-record.ts';
import type { ProcessIdentity } from '../protocol/run-record.ts';
import { identifySelf, mayBeRunning } from './process-identity.ts';
import { readSmallFile } from './read-text.ts';
import { errorCode, writeProblem } from './os-problem.ts';

/** A lock as held by this process. */
export interface ExclusiveLock {
  readonly isTaken: true;
  /** Its file. */
  readonly path: string;
  /** Gives it back; harmless when its folder is gone. */
  release(): Promise<void>;
}

/** Why a lock could not be had: who holds it, as far as that can be read. */
export interface LockRefusal {
  readonly isTaken: false;
  readonly holder: ProcessIdentity | undefined;
}

export interface LockOptions {
  /** Whether a holder on another machine, whose processes cannot be asked for, still lives; `path` is its lock file. */
  readonly isForeignAlive: (path: string) => Promise<boolean>;
}

/** A lock file holds a pid, a start time and the name of a machine. */
const MAX_LOCK_BYTES = 4096;

/** A lock file without whole content is one that is being written, unless it is older than this. */
const UNWRITTEN_MS = 10_000;

/**
 * Takes the lock `name` of a folder for this process, unless a live process holds it: this one too, and one that is only suspended.
 * Of two that try at the same moment at most one gets it.
 * @throws ProblemError `disk-full`, `cannot-write`
 */
export async function takeLock(
  folder: string,
  name: string,
  { isForeignAlive }: LockOptions,
): Promise<ExclusiveLock | LockRefusal> {
  const before = await lockFiles(folder, name);
  const held = await firstHeld(before, isForeignAlive);
  if (held !== undefined) return held;
  const number = 1 + before.reduce((most, file) => Math.max(most, file.number), 0);
  const mine = join(folder, `${name}-${number}`);
  if (!(await createWhole(mine, `${JSON.stringify(await identifySelf())}\n`))) {
    return { isTaken: false, holder: await readHolder(mine) };
  }
  const release = (): Promise<void> => rm(mine, { force: true });
  // Somebody who saw other files than this process did may hold another number.
  const others = (await lockFiles(folder, name)).filter((file) => file.number !== number);
  const rival = await firstHeld(others, isForeignAlive);
  if (rival !== undefined) {
    await release();
    return rival;
  }
  await Promise.all(others.map(({ path }) => rm(path, { force: true })));
  return { isTaken: true, path: mine, release };
}

/** Who holds the lock `name` of a folder; undefined when it could be had. A look only: `takeLock` decides. */
export async function heldLock(folder: string, name: string, options: LockOptions): Promise<LockRefusal | undefined> {
  return firstHeld(await lockFiles(folder, name), options.isForeignAlive);
}

/** The number of a file of the lock `name`; undefined for any other file. */
function numberIn(fileName: string, name: string): number | undefined {
  const digits = fileName.startsWith(`${name}-`) ? /^[1-9]\d{0,14}$/.exec(fileName.slice(name.length + 1)) : null;
  return digits === null ? undefined : Number(digits[0]);
}

interface LockFile {
  readonly path: string;
  readonly number: number;
}

async function lockFiles(folder: string, name: string): Promise<LockFile[]> {
  return (await readdir(folder)).flatMap((fileName) => {
    const number = numberIn(fileName, name);
    return number === undefined ? [] : [{ path: join(folder, fileName), number }];
  });
}

async function firstHeld(
  files: readonly LockFile[],
  isForeignAlive: LockOptions['isForeignAlive'],
): Promise<LockRefusal | undefined> {
  for (const { path } of files) {
    const holder = await readHolder(path);
    if (holder === undefined) {
      if (await isBeingWritten(path)) return { isTaken: false, holder };
    } else if (holder.host === hostname() ? await mayBeRunning(holder) : await isForeignAlive(path)) {
      return { isTaken: false, holder };
    }
  }
  return undefined;
}

async function isBeingWritten(path: string): Promise<boolean> {
  try {
    return Math.abs(Date.now() - (await stat(path)).mtimeMs) < UNWRITTEN_MS;
  } catch {
    return false;
  }
}

/** The process that a lock file names; undefined when the file is gone or holds nothing of the kind. */
async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    const checked = checkProcessIdentity(JSON.parse((await readSmallFile(path, MAX_LOCK_BYTES)) ?? ''));
    return checked.ok ? checked.value : undefined;
  } catch {
    return undefined;
  }
}

/** Creates a file with its content at once; false when there is one already. */
async function createWhole(path: string, text: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { flag: 'wx', flush: true });
    try {
      await link(temporary, path);
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      // A file system without hard links: the content comes a moment after the name.
      await writeFile(path, text, { flag: 'wx', flush: true });
    }
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw writeProblem(error, path);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
