/** What a running process was started with, as each operating system tells it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';

const run = promisify(execFile);

const argumentsOn: Readonly<Record<string, (pid: number) => Promise<string[]>>> = {
  linux: async (pid) => parseProcCmdline(await readFile(`/proc/${pid}/cmdline`, 'utf8')),
  win32: async (pid) => parseWindowsCommandLine(await commandLineOnWindows(pid)),
};

/**
 * The arguments of a running process, its program left out. Undefined when they cannot be read: no such process, one of another
 * user, one that is ending. Where the system joins them by blanks (macOS), everything that may be the last argument.
 */
export async function argumentsOf(pid: number): Promise<readonly string[] | undefined> {
  try {
    const found = await (argumentsOn[process.platform] ?? argumentsByPs)(pid);
    // A program may wipe out what it was started with.
    return found.every((argument) => argument === '') ? undefined : found;
  } catch {
    return undefined;
  }
}

/** Arguments in `/proc/<pid>/cmdline` (proc_pid_cmdline(5)): each ends with a NUL; none of a zombie or a thread of the kernel. */
export function parseProcCmdline(text: string): string[] {
  return text.split('\0').slice(1, -1);
}

/**
 * Everything in a line of `ps -o command=` that may be a last argument in JSON: what follows a blank and begins with a brace. Where
 * an argument began is not told.
 */
export function parsePsCommand(line: string): string[] {
  const text = line.replace(/\r?\n$/, '');
  return [...text.matchAll(/ (?=\{)/g)].map(({ index }) => text.slice(index + 1));
}

/**
 * Arguments of a Windows command line, as a C program of Microsoft's gets them: blanks outside of double quotes separate;
 * backslashes count only before a quote, where two stand for one and an odd one makes the quote a character.
 */
export function parseWindowsCommandLine(line: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (const [token] of line.trim().matchAll(/\\*"|\\+|[ \t]+|[^\\" \t]+/g)) {
    if (token.endsWith('"')) {
      const nBackslashes = token.length - 1;
      current = (current ?? '') + '\\'.repeat(nBackslashes >> 1);
      if (nBackslashes % 2 === 1) current += '"';
      else isQuoted = !isQuoted;
    } else if (!isQuoted && /^[ \t]/.test(token)) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + token;
  }
  if (current !== undefined) found.push(current);
  return found.slice(1);
}

async function argumentsByPs(pid: number): Promise<string[]> {
  // A locale that knows letters beyond ASCII: ps spells them out otherwise.
  const env = { ...process.env, LC_ALL: 'en_US.UTF-8' };
  const { stdout } = await run(findProgram('ps') ?? '/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)], { env });
  return parsePsCommand(stdout);
}

/** By way of base64, because the console's character set has not every letter. */
async function commandLineOnWindows(pid: number): Promise<string> {
  const powershell = findProgram('powershell');
  if (powershell === undefined) return '';
  const line = `(Get-CimInstance Win32_Process -Filter 'ProcessId=${pid}' -ErrorAction Stop).CommandLine`;
  const command = `[Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(${line}))`;
  const args = ['-NoProfile', '-NonInteractive', '-Command', command];
  const { stdout } = await run(powershell, args, { windowsHide: true, timeout: 20_000 });
  return Buffer.from(stdout.trim(), 'base64').toString('utf8');
}
