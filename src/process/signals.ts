/** Ending processes, which each operating system does in its own way. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

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
  // A negative pid means the group. A trainer that somebody started by hand may lead none.
  if (!send(-pid, 'SIGKILL')) send(pid, 'SIGKILL');
}

/** Arguments of Windows' `taskkill` for a process and its children. */
export function taskkillArgs(pid: number, isForced: boolean): string[] {
  return ['/PID', String(pid), '/T', ...(isForced ? ['/F'] : [])];
}

/** Whether there was something to send the signal to. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** `taskkill` fails when the process is gone or has no window to be asked by; what comes of it shows in the process. */
async function taskkill(args: string[]): Promise<void> {
  await run('taskkill', args, { windowsHide: true }).catch(() => undefined);
}
