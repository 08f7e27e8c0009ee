/** Figures of processes, as one look takes them. */
import { readdirSync, readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { samples } from '../bench/load/clock-extension.ts';

/** Figures of the extension host, from the last sample of its clock; none before there is one. */
export function lookAtHost(clock: string): Record<string, number> {
  const last = samples(clock).at(-1);
  if (last === undefined) return {};
  const { Timeout = 0, ...others } = last.resources;
  return {
    'host, memory': last.rssBytes,
    'host, heap': last.heapBytes,
    'host, files and sockets': last.nFiles,
    'host, children': last.nChildren,
    'host, timers': Timeout,
    'host, other resources': Object.values(others).reduce((sum, n) => sum + n, 0),
  };
}

/** Memory and open files of a process of this machine; none once it is gone. */
export function lookAtProcess(name: string, pid: number): Record<string, number> {
  try {
    const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    return { [`${name}, files`]: readdirSync(`/proc/${pid}/fd`).length, [`${name}, memory`]: kilobytes * 1024 };
  } catch {
    return {};
  }
}

/** Script memory of the window, once what is garbage was collected, and how many frames it has: two a panel. */
export async function lookAtPage(page: Page, session: CDPSession): Promise<Record<string, number>> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return { 'window, heap': usedSize, 'window, frames': page.frames().length };
}
