import type { RunState } from '../../protocol/run-state.ts';
import type { ShownStatus } from '../../vocabulary/status.ts';
import { openRunStore } from '../../runs/store.ts';
import type { RunChanges, RunStore } from '../../runs/store.ts';
import { isOver } from '../../vocabulary/status.ts';
import { isReadable } from './live-run.ts';
import { watchRunState } from './watch-run-state.ts';
import type { LiveRun, ReadableRun } from './live-run.ts';

/** What has changed since the last call of a listener. */
export interface LiveChanges {
  /** Runs came, went or changed their record, not only their progress. */
  readonly isList: boolean;
  /** Folders of the runs that changed. */
  readonly runDirs: readonly string[];
}

/** All runs of the workspace, kept up to date: the runs folders as listed, and the events of active runs as they come. */
export interface LiveRuns {
  /** Newest first. */
  readonly runs: readonly LiveRun[];
  readonly baseline: ReadableRun | undefined;
  get(runDir: string): LiveRun | undefined;
  /** Looks at these runs folders from now on; done when `runs` tells of all of them. */
  setFolders(runsFolders: readonly string[]): Promise<void>;
  /** Looks again now. */
  refresh(): Promise<void>;
  onDidChange(listener: (changes: LiveChanges) => void): () => void;
  /** Calls `listener` with each run that was seen active and is so no more. */
  onDidEnd(listener: (run: ReadableRun) => void): () => void;
  dispose(): void;
}

export interface LiveRunsOptions {
  /** Shortest time between two changes of one run's progress. */
  readonly pauseMs?: number;
  readonly onError: (error: unknown) => void;
}

const PAUSE_MS = 250;

/** Follows the runs of no folder yet; `setFolders` gives it some. */
export function openLiveRuns({ pauseMs = PAUSE_MS, onError }: LiveRunsOptions): LiveRuns {
  const stores = new Map<string, RunStore>();
  const states = new Map<string, RunState>();
  const following = new Map<string, AbortController>();
  /** Last seen status, to tell the end of a run. */
  const statuses = new Map<string, ShownStatus>();
  const changeListeners = new Set<(changes: LiveChanges) => void>();
  const endListeners = new Set<(run: ReadableRun) => void>();
  let byDir = new Map<string, LiveRun>();
  /** Rows ask for the baseline one by one. */
  let baselineDir: string | undefined;
  let settingFolders: Promise<void> = Promise.resolve();

  function rebuild(): void {
    const all = [...stores].flatMap(([runsFolder, store]) =>
      store.runs.map((run): LiveRun =>
        run.isReadable ? { run, runsFolder, state: states.get(run.runDir) } : { run, runsFolder, state: undefined },
      ),
    );
    if (stores.size > 1) all.sort((a, b) => (a.run.id < b.run.id ? 1 : -1));
    byDir = new Map(all.map((live) => [live.run.runDir, live]));
    baselineDir = all.filter(isReadable).find(({ run }) => run.annotation.isBaseline)?.run.runDir;
  }

  function followActive(): void {
    for (const live of byDir.values()) {
      if (!isReadable(live)) continue;
      const { runDir, status } = live.run;
      const wanted = !isOver(status);
      if (wanted && !following.has(runDir)) follow(runDir);
      if (!wanted) states.delete(runDir);
    }
  }

  function follow(runDir: string): void {
    const abort = new AbortController();
    following.set(runDir, abort);
    const onState = (state: RunState) => {
      const live = byDir.get(runDir);
      if (live === undefined || !isReadable(live) || abort.signal.aborted) return;
      states.set(runDir, state);
      byDir.set(runDir, { ...live, state });
      emit({ isList: false, runDirs: [runDir] });
    };
    watchRunState(runDir, onState, abort.signal, pauseMs)
      .catch(onError)
      .finally(() => {
        following.delete(runDir);
        // The record says how it ended.
        if (!abort.signal.aborted) refresh().catch(onError);
      });
  }

  function onStoreChange(runsFolder: string, { added, changed, removed }: RunChanges): void {
    const dirOf = new Map([...byDir.values()].map(({ run }) => [run.id, run.runDir]));
    for (const id of removed) following.get(dirOf.get(id) ?? '')?.abort();
    followActiveThen(() => {
      const runDirs = [...added, ...changed].flatMap((id) => runDirOf(runsFolder, id) ?? []);
      emit({ isList: true, runDirs });
    });
  }

  function runDirOf(runsFolder: string, id: string): string | undefined {
    return stores.get(runsFolder)?.runs.find((run) => run.id === id)?.runDir;
  }

  function followActiveThen(publish: () => void): void {
    rebuild();
    followActive();
    rebuild();
    const ended = noteStatuses();
    publish();
    for (const run of ended) for (const listener of endListeners) listener(run);
  }

  /** Runs that were active when last looked at. */
  function noteStatuses(): ReadableRun[] {
    const ended: ReadableRun[] = [];
    for (const live of byDir.values()) {
      if (!isReadable(live)) continue;
      const { runDir, status } = live.run;
      const before = statuses.get(runDir);
      if (before !== undefined && !isOver(before) && isOver(status)) ended.push(live);
      statuses.set(runDir, status);
    }
    for (const runDir of statuses.keys()) if (!byDir.has(runDir)) statuses.delete(runDir);
    return ended;
  }

  function emit(changes: LiveChanges): void {
    for (const listener of changeListeners) listener(changes);
  }

  async function refresh(): Promise<void> {
    await Promise.all([...stores.values()].map((store) => store.refresh()));
  }

  async function replaceFolders(runsFolders: readonly string[]): Promise<void> {
    for (const [folder, store] of stores) {
      if (runsFolders.includes(folder)) continue;
      for (const { runDir } of store.runs) following.get(runDir)?.abort();
      store.dispose();
      stores.delete(folder);
    }
    for (const folder of runsFolders) {
      if (stores.has(folder)) continue;
      const store = await openRunStore(folder, { onError });
      stores.set(folder, store);
      store.onDidChange((changes) => onStoreChange(folder, changes));
    }
    followActiveThen(() => emit({ isList: true, runDirs: [...byDir.keys()] }));
  }

  return {
    get runs() {
      return [...byDir.values()];
    },
    get baseline() {
      const live = baselineDir === undefined ? undefined : byDir.get(baselineDir);
      return live !== undefined && isReadable(live) ? live : undefined;
    },
    get: (runDir) => byDir.get(runDir),
    setFolders(runsFolders) {
      const mine = settingFolders.then(() => replaceFolders(runsFolders));
      settingFolders = mine.catch(() => undefined);
      return mine;
    },
    refresh,
    onDidChange(listener) {
      changeListeners.add(listener);
      return () => void changeListeners.delete(listener);
    },
    onDidEnd(listener) {
      endListeners.add(listener);
      return () => void endListeners.delete(listener);
    },
    dispose() {
      for (const abort of following.values()) abort.abort();
      for (const store of stores.values()) store.dispose();
      stores.clear();
      changeListeners.clear();
      endListeners.clear();
    },
  };
}
