import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { isOver } from '../vocabulary/status.ts';
import { runsOf, scanRuns } from './list-runs.ts';
import type { ListedRun, Scan } from './list-runs.ts';

/** Ids of the runs that differ between two looks at a runs folder. */
export interface RunChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The runs of a folder, kept up to date. */
export interface RunStore {
  /** Newest first, as of the last look. */
  readonly runs: readonly ListedRun[];
  /** Looks again now; done when `runs` tells of everything that was there at the call. */
  refresh(): Promise<void>;
  /** Calls `listener` after each look that found a difference. Gives the way to end that. */
  onDidChange(listener: (changes: RunChanges) => void): () => void;
  dispose(): void;
}

/** The file system says when something changes; where it does not (network folders), the next rescan finds it. */
const RESCAN_MS = 3000;

/** Changes come in bursts: a trainer writes a temp file, renames, appends. */
const SETTLE_MS = 100;

/** Opens the store of a runs folder, which need not exist yet. `onError` hears of a look that failed; the next one may not. */
export async function openRunStore(
  runsFolder: string,
  { rescanMs = RESCAN_MS, onError = noted }: { rescanMs?: number; onError?: (error: unknown) => void } = {},
): Promise<RunStore> {
  const listeners = new Set<(changes: RunChanges) => void>();
  const watchers = new Map<string, FSWatcher>();
  let scan: Scan = new Map();
  let runs: readonly ListedRun[] = [];
  let isDisposed = false;
  let settling: NodeJS.Timeout | undefined;
  /** Looks are one after the other; a look asked for during another starts after it. */
  let looking: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    if (isDisposed) return;
    const next = await scanRuns(runsFolder, scan);
    const changes = differences(scan, next);
    scan = next;
    runs = runsOf(next);
    watchFolders();
    if (changes.added.length + changes.changed.length + changes.removed.length === 0) return;
    for (const listener of listeners) listener(changes);
  }

  function refresh(): Promise<void> {
    const mine = looking.then(look);
    looking = mine.catch(() => undefined);
    return mine;
  }

  function soon(): void {
    settling ??= setTimeout(() => {
      settling = undefined;
      refresh().catch(onError);
    }, SETTLE_MS);
  }

  /** Watches the runs folder and the folders of active runs; a finished run changes by a person's hand only. */
  function watchFolders(): void {
    if (isDisposed) return;
    const active = runs.filter((run) => run.isReadable && !isOver(run.record.status));
    const wanted = new Set([runsFolder, ...active.map((run) => run.runDir)]);
    for (const [folder, watcher] of watchers) {
      if (wanted.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of wanted) if (!watchers.has(folder)) watchFolder(folder);
  }

  function watchFolder(folder: string): void {
    try {
      // The log grows and the heart beats all the time; neither shows in a list.
      const isOfInterest = (name: string | null) =>
        name === null || !/^(events\.jsonl|heartbeat|trainer\.log)$/.test(name);
      const watcher = watch(folder, { persistent: false }, (_event, name) => isOfInterest(name) && soon());
      watcher.on('error', () => {
        watcher.close();
        watchers.delete(folder);
      });
      watchers.set(folder, watcher);
    } catch {
      // The folder does not exist yet, or the system has no watch left: the rescan finds changes.
    }
  }

  const rescan = setInterval(() => void refresh().catch(onError), rescanMs);
  rescan.unref();

  function dispose(): void {
    isDisposed = true;
    clearInterval(rescan);
    clearTimeout(settling);
    for (const watcher of watchers.values()) watcher.close();
    watchers.clear();
    listeners.clear();
  }

  try {
    await refresh();
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    get runs() {
      return runs;
    },
    refresh,
    onDidChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose,
  };
}

function differences(before: Scan, after: Scan): RunChanges {
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    changed: [...after].filter(([id, entry]) => before.has(id) && before.get(id) !== entry).map(([id]) => id),
    removed: [...before.keys()].filter((id) => !after.has(id)),
  };
}

function noted(error: unknown): void {
  console.error('Could not list the runs:', error);
}
