import { spawn } from 'node:child_process';
import { findProgram } from '../files/find-program.ts';

/** A program and its arguments, both with the absolute paths of programs. */
interface AwakeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Gives the absolute path of a program of the system. */
type Find = (name: string) => string | undefined;

/** Windows: ES_CONTINUOUS | ES_SYSTEM_REQUIRED holds as long as the thread that asked for it lives. */
const POWERSHELL = (pid: number) =>
  "$s = Add-Type -PassThru -Name Awake -Namespace EsciLab -MemberDefinition '" +
  '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);' +
  `'; [void]$s::SetThreadExecutionState([uint32]2147483649); Wait-Process -Id ${pid}`;

const commands: Readonly<Record<string, (pid: number, find: Find) => AwakeCommand | undefined>> = {
  darwin: (pid, find) => commandOf(find('caffeinate'), ['-i', '-w', String(pid)]),
  linux: (pid, find) => {
    const tail = find('tail');
    if (tail === undefined) return undefined;
    const what = ['--what=sleep:idle', '--who=ESCI Lab', '--why=a training run', '--mode=block'];
    return commandOf(find('systemd-inhibit'), [...what, tail, `--pid=${pid}`, '-f', '/dev/null']);
  },
  win32: (pid, find) => commandOf(find('powershell'), ['-NoProfile', '-NonInteractive', '-Command', POWERSHELL(pid)]),
};

/** What keeps a machine of that platform from falling asleep while a process lives; undefined where there is no means. */
export function keepAwakeCommand(platform: string, pid: number, find: Find = findProgram): AwakeCommand | undefined {
  return commands[platform]?.(pid, find);
}

function commandOf(command: string | undefined, args: readonly string[]): AwakeCommand | undefined {
  return command === undefined ? undefined : { command, args };
}

/**
 * Keeps the machine from falling asleep by itself until the process ends. A machine that has no means for it (a container)
 * falls asleep as ever: this is a courtesy and never fails.
 */
export function keepAwake(pid: number): void {
  const found = keepAwakeCommand(process.platform, pid);
  if (found === undefined) return;
  const child = spawn(found.command, found.args, { detached: true, stdio: 'ignore', windowsHide: true });
  child.on('error', () => undefined);
  child.unref();
}
