import { spawn } from 'node:child_process';

/** A program and its arguments. */
interface AwakeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Windows: ES_CONTINUOUS | ES_SYSTEM_REQUIRED holds as long as the thread that asked for it lives. */
const POWERSHELL = (pid: number) =>
  "$s = Add-Type -PassThru -Name Awake -Namespace EsciLab -MemberDefinition '" +
  '[DllImport("kernel32.dll")] public static extern uint SetThreadExecutionState(uint flags);' +
  `'; [void]$s::SetThreadExecutionState([uint32]2147483649); Wait-Process -Id ${pid}`;

const commands: Readonly<Record<string, (pid: number) => AwakeCommand>> = {
  darwin: (pid) => ({ command: 'caffeinate', args: ['-i', '-w', String(pid)] }),
  linux: (pid) => ({
    command: 'systemd-inhibit',
    args: [
      '--what=sleep:idle',
      '--who=ESCI Lab',
      '--why=a training run',
      '--mode=block',
      'tail',
      `--pid=${pid}`,
      '-f',
      '/dev/null',
    ],
  }),
  win32: (pid) => ({
    command: 'powershell.exe',
    args: ['-NoProfile', '-NonInteractive', '-Command', POWERSHELL(pid)],
  }),
};

/** What keeps a machine of that platform from falling asleep while a process lives; undefined where nothing is known. */
export function keepAwakeCommand(platform: string, pid: number): AwakeCommand | undefined {
  return commands[platform]?.(pid);
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
