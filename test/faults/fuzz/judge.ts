import { setImmediate as turn } from 'node:timers/promises';
import { ProblemError } from '../../../src/vocabulary/problem.ts';
import type { FuzzFormat, Reader } from './format.ts';
import { MOST_CPU_MS, MOST_MEGABYTES } from './verdict.ts';
import type { Failure, Verdict } from './verdict.ts';

/** Errors that nobody waited for; the next verdict takes them. */
const stray: unknown[] = [];

/** Has errors that no reader has caught told by the next verdict instead of ending the process. */
export function catchStrayErrors(): void {
  process.on('unhandledRejection', (error) => stray.push(error));
  process.on('uncaughtException', (error) => stray.push(error));
}

/** Memory of this process before the first input, in bytes. */
let idle: number | undefined;

/** Reads an input with all readers of its format, one after the other, in this process. */
export async function judge({ readers }: FuzzFormat, bytes: Uint8Array, folder: string): Promise<Verdict> {
  idle ??= process.memoryUsage.rss();
  const failures: Failure[] = [];
  let isRefused = false;
  let cpuMs = 0;
  for (const [name, reader] of Object.entries(readers)) {
    const before = process.cpuUsage();
    const result = await read(reader, bytes, folder);
    const { user, system } = process.cpuUsage(before);
    const spent = (user + system) / 1000;
    cpuMs = Math.max(cpuMs, spent);
    isRefused ||= result === 'problem';
    failures.push(...failuresOf(name, result));
    if (spent > MOST_CPU_MS) failures.push({ reader: name, kind: 'slow', message: `${Math.round(spent)} ms` });
  }
  // A peak that was reached before the first input, or before this process began, is not this one's.
  const peak = process.resourceUsage().maxRSS * 1024;
  const megabytes = Math.max(0, peak - idle) / 2 ** 20;
  if (megabytes > MOST_MEGABYTES) failures.push({ kind: 'memory', message: `${Math.round(megabytes)} MB` });
  return { outcome: failures.length > 0 ? 'failure' : isRefused ? 'problem' : 'value', cpuMs, megabytes, failures };
}

async function read(
  reader: Reader,
  bytes: Uint8Array,
  folder: string,
): Promise<'value' | 'problem' | { error: unknown }> {
  try {
    await reader(bytes, folder);
    // A rejection that nobody waits for is told in the turn after the one that made it.
    await turn();
    return 'value';
  } catch (error) {
    await turn();
    return isTyped(error) ? 'problem' : { error };
  }
}

function failuresOf(name: string, result: Awaited<ReturnType<typeof read>>): Failure[] {
  const errors: unknown[] = typeof result === 'object' ? [result.error] : [];
  errors.push(...stray.splice(0));
  return errors.map((error) => describe(name, error));
}

/** A problem says something; the code `bug` is what borders make of any other error. */
function isTyped(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code !== 'bug' && error.problem.message !== '';
}

function describe(reader: string, error: unknown): Failure {
  if (!(error instanceof Error)) return { reader, kind: 'untyped', message: `thrown: ${String(error)}` };
  const lines = (error.stack ?? '').split('\n');
  const at = ['src', 'node_modules'].map((folder) => frameIn(folder, lines)).find((frame) => frame !== undefined);
  return { reader, kind: 'untyped', message: `${error.name}: ${error.message}`, ...(at === undefined ? {} : { at }) };
}

/** The innermost place of a stack in a folder of the repository; the product's own `src` before that of a package. */
function frameIn(folder: string, lines: readonly string[]): string | undefined {
  const own = lines
    .map((line) => line.replaceAll('\\', '/'))
    .filter((line) => folder !== 'src' || !line.includes('node_modules'));
  return own
    .map((line) => new RegExp(`/(${folder}/.*?:\\d+:\\d+)`).exec(line)?.[1])
    .find((frame) => frame !== undefined);
}
