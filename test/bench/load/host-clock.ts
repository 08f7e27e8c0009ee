/**
 * An extension of its own, beside ours in the same extension host: measures how long the host's one thread is busy at a stretch, and its
 * memory and what it holds open, and appends a line of JSON to `OUT` each half second. What the editor and its other extensions do counts too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** Path of the file that is appended to; put in by the bundler. */
declare const OUT: string;

/** What happened in the host since the line before. */
export interface HostSample {
  /** Milliseconds since 1970. */
  readonly t: number;
  /** Longest time that a timer which was due had to wait: other processes on the machine count. */
  readonly longestMs: number;
  /** Most processor time of the host's thread between two ticks: the longest task, whatever else the machine does. */
  readonly longestCpuMs: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open files and sockets; 0 where the system does not tell. */
  readonly nFiles: number;
  /** Child processes that have not been waited for or still run. */
  readonly nChildren: number;
  /** What keeps the event loop going, by kind: `Timeout`, `FSEventWrap`, … */
  readonly resources: Readonly<Record<string, number>>;
}

const TICK_MS = 2;
const WRITE_MS = 500;

/** Processor time of this thread in milliseconds; in Node 24, which the editor brings. */
function threadMs(): number {
  const { user, system } = (process as unknown as { threadCpuUsage(): NodeJS.CpuUsage }).threadCpuUsage();
  return (user + system) / 1000;
}

/** What the host holds open now. */
function held(): Pick<HostSample, 'nFiles' | 'nChildren' | 'resources'> {
  const resources: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  try {
    const children = readdirSync('/proc/self/task').map((id) => readFileSync(`/proc/self/task/${id}/children`, 'utf8'));
    const nChildren = children.join(' ').split(/\s+/).filter(Boolean).length;
    return { nFiles: readdirSync('/proc/self/fd').length, nChildren, resources };
  } catch {
    return { nFiles: 0, nChildren: 0, resources };
  }
}

/** What the editor calls when it starts. */
export function activate(): void {
  let last = { at: performance.now(), cpu: threadMs() };
  let longest = { ms: 0, cpuMs: 0 };
  setInterval(() => {
    const now = { at: performance.now(), cpu: threadMs() };
    longest = {
      ms: Math.max(longest.ms, now.at - last.at - TICK_MS),
      cpuMs: Math.max(longest.cpuMs, now.cpu - last.cpu),
    };
    last = now;
  }, TICK_MS);
  setInterval(() => {
    const { heapUsed, rss } = process.memoryUsage();
    const memory = { heapBytes: heapUsed, rssBytes: rss };
    const busy = { longestMs: longest.ms, longestCpuMs: longest.cpuMs };
    const sample: HostSample = { t: Date.now(), ...busy, ...memory, ...held() };
    longest = { ms: 0, cpuMs: 0 };
    void appendFile(OUT, `${JSON.stringify(sample)}\n`);
  }, WRITE_MS);
}
