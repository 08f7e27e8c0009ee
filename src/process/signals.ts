/** Ending processes, which each operating system does in its own way. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../files/find-program.ts';
import { leadsGroup } from '../files/process-identity.ts';
import { errorCode } from '../files/os-problem.ts';
import { ProblemError } from '../vocabulary/problem.ts';

const run = promisify(execFile);

/** Asks a process to end: SIGTERM; on Windows `taskkill` without force, of the tree. A process that is gone is no error. */
export async function terminate(pid: number): Promise<void> {
  if (process.platform === 'win32') await taskkill(taskkillArgs(pid, false));
  else send(pid, 'SIGTERM');
}

/** Ends a process and its children at once: a trainer leads its own process group; on Windows `taskkill` knows the tree. */
export async function killTree(pid: number): Promise<void> {
  if (process.platform === 'win32') {
    await taskkill(taskkillArgs(pid, true));
    return;
  }
  // A negative pid means the group, which may be that of somebody's shell: a trainer that was started by hand leads none.
  send((await leadsGroup(pid)) ? -pid : pid, 'SIGKILL');
}

/** Arguments of Windows' `taskkill` for a process and its children. */
export function taskkillArgs(pid: number, isForced: boolean): string[] {
  return ['/PID', String(pid), '/T', ...(isForced ? ['/F'] : [])];
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ESRCH') return;
    if (code !== 'EPERM') throw error;
    const message = `Process ${Math.abs(pid)} belongs to somebody else and may not be ended.`;
    throw new ProblemError(
      { code: 'cannot-stop', message, next: 'Stop it as the user who started it.' },
      { cause: error },
    );
  }
}

/** `taskkill` fails when the process is gone or has no window to be asked by; what comes of it shows in the process. */
async function taskkill(args: string[]): Promise<void> {
  await run(findProgram('taskkill') ?? 'C:\\Windows\\System32\\taskkill.exe', args, { windowsHide: true }).catch(
    () => undefined,
  );
}
