/** Which process a pid means: pid plus start time, as each operating system tells it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../protocol/run-record.ts';
import { findProgram } from './find-program.ts';
import { errorCode } from './os-problem.ts';

const run = promisify(execFile);

/** A start time as text, or null when there is no such process (a zombie counts as none). */
type StartTime = string | null;

/** How to ask an operating system for the start time of a process. */
const startTimeOn: Readonly<Record<string, (pid: number) => Promise<StartTime>>> = {
  linux: (pid) => startTimeOnLinux(pid),
  win32: startTimeOnWindows,
};

/**
 * The identity of a running process of this machine; undefined when there is none. Start times are opaque: compare them.
 * Linux reads /proc; macOS asks `ps`, Windows PowerShell (about half a second).
 */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  if (!exists(pid)) return undefined;
  const startTime = await (startTimeOn[process.platform] ?? startTimeByPs)(pid);
  return startTime === null ? undefined : { pid, startTime, host: hostname() };
}

/** The identity of this process. */
export async function identifySelf(): Promise<ProcessIdentity> {
  return (await identifyProcess(process.pid)) ?? { pid: process.pid, startTime: '', host: hostname() };
}

/**
 * Whether exactly this process, not a later one of the same pid, is running on this machine. False where no start time is known,
 * then or now: a pid alone may be anybody's.
 */
export async function isRunning({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  if (startTime === '') return false;
  const now = await identifyProcess(pid);
  return now?.startTime === startTime;
}

/**
 * Whether a process may still be running: as `isRunning`, but true where no start time is known, then or now. For locks, which are never
 * taken from a process that may live.
 */
export async function mayBeRunning({ pid, startTime }: ProcessIdentity): Promise<boolean> {
  const now = await identifyProcess(pid);
  if (now === undefined) return false;
  return startTime === '' || now.startTime === '' || now.startTime === startTime;
}

/** Whether some process has the pid; one that belongs to somebody else counts. */
function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Whether a process leads a process group of its own, so that a signal to its group reaches nobody else's; false on Windows. */
export async function leadsGroup(pid: number): Promise<boolean> {
  if (process.platform === 'win32') return false;
  try {
    const isLinux = process.platform === 'linux';
    const status = isLinux
      ? await readFile(`/proc/${pid}/stat`, 'utf8')
      : await ask(['-o', 'pgid=', '-p', String(pid)]);
    return (isLinux ? parseProcGroup(status) : Number(status.trim())) === pid;
  } catch {
    return false;
  }
}

let bootId: Promise<string> | undefined;

/**
 * Ticks since boot and the boot's id: unlike wall-clock time they do not move with the clock or the time zone. Unknown, not gone, where the
 * process lives but may not be looked at: /proc mounted with `hidepid` hides those of other users.
 */
export async function startTimeOnLinux(pid: number, proc = '/proc'): Promise<StartTime> {
  bootId ??= readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  try {
    const ticks = parseProcStat(await readFile(`${proc}/${pid}/stat`, 'utf8'));
    return ticks === null ? null : `${ticks}@${await bootId}`;
  } catch {
    // Asked again: the process may have ended in between.
    return exists(pid) ? '' : null;
  }
}

/** UTC and the C locale, so that the same process has the same text after a change of time zone. */
async function startTimeByPs(pid: number): Promise<StartTime> {
  try {
    return parsePs(await ask(['-o', 'stat=,lstart=', '-p', String(pid)]));
  } catch (error) {
    return failedToAsk(error);
  }
}

async function ask(args: readonly string[]): Promise<string> {
  const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' };
  return (await run(findProgram('ps') ?? '/bin/ps', args, { env })).stdout;
}

async function startTimeOnWindows(pid: number): Promise<StartTime> {
  const powershell = findProgram('powershell');
  if (powershell === undefined) return '';
  const command = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`;
  try {
    const args = ['-NoProfile', '-NonInteractive', '-Command', command];
    const { stdout } = await run(powershell, args, { windowsHide: true, timeout: 20_000 });
    return parseFileTime(stdout);
  } catch (error) {
    return failedToAsk(error);
  }
}

/** A program that ran and failed found no such process; one that could not run leaves the start time unknown. */
function failedToAsk(error: unknown): StartTime {
  return typeof (error as { code?: unknown }).code === 'number' ? null : '';
}

/**
 * Start time in clock ticks since boot from `/proc/<pid>/stat` (proc_pid_stat(5), field 22); null for a zombie or a dead
 * process. The second field, the name in brackets, may itself hold blanks and brackets.
 */
export function parseProcStat(stat: string): StartTime {
  const fields = fieldsAfterName(stat);
  const state = fields[0] ?? '';
  const ticks = fields[19] ?? '';
  return /^[ZXx]$/.test(state) || !/^\d+$/.test(ticks) ? null : ticks;
}

/** Process group from `/proc/<pid>/stat`, field 5; NaN when there is none. */
export function parseProcGroup(stat: string): number {
  return Number(fieldsAfterName(stat)[2] ?? NaN);
}

function fieldsAfterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Start time from `ps -o stat=,lstart=`, for example `Ss   Tue Sep 30 21:27:03 2025`; null for a zombie or no line. */
export function parsePs(stdout: string): StartTime {
  const match = /^\s*(\S+)\s+(\S.*?)\s*$/m.exec(stdout);
  if (match === null || match[1]!.startsWith('Z')) return null;
  return match[2]!.replace(/\s+/g, ' ');
}

/** Start time from PowerShell: 100 ns since 1601 as digits; null when there is no such line. */
export function parseFileTime(stdout: string): StartTime {
  return /^\s*(\d{10,})\s*$/.exec(stdout)?.[1] ?? null;
}
