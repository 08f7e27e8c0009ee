import { EventEmitter, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { CancellationToken, TreeDataProvider } from 'vscode';
import type { Disposal } from '../disposal.ts';
import { foldLog, LATEST_STEPS } from '../../runs/log/fold-log.ts';
import { isOver } from '../../vocabulary/status.ts';
import type { RunState } from '../../protocol/run-state.ts';
import type { SkippedLines } from '../../protocol/skipped-lines.ts';
import type { RunEntry } from '../../runs/list-runs.ts';
import type { Lab } from '../lab.ts';
import { isReadable } from '../runs/live-run.ts';
import type { LiveRun } from '../runs/live-run.ts';
import { detailItems } from './run-details.ts';
import type { DetailItem } from './run-details.ts';
import { openRowChanges } from './row-changes.ts';
import { runItem } from './run-item.ts';
import type { RunItem } from './run-item.ts';
import { groupRuns } from './run-order.ts';
import type { RunGroup } from './run-order.ts';
import { runTooltip } from './run-tooltip.ts';

/** A row of the runs tree. */
export type RunsNode = RunNode | GroupNode | DetailNode;

export interface RunNode {
  readonly kind: 'run';
  readonly runDir: string;
}
interface GroupNode {
  readonly kind: 'group';
  readonly group: RunGroup;
}
interface DetailNode {
  readonly kind: 'detail';
  readonly runDir: string;
  readonly item: DetailItem;
}

/**
 * What a click on a row does. Without arguments, because the editor forgets a row's arguments when the row changes, and rows of
 * active runs change all the time: a click on one would often do nothing.
 */
export const OPEN_CLICKED = 'esciLab.openClickedRun';

/** Relative times are shown in minutes. */
const MINUTE_MS = 60_000;

/** The rows of the view `esciLab.runs`. */
export interface RunsTree extends TreeDataProvider<RunsNode>, Disposal {
  /** The row of a run, for `reveal`. */
  nodeOf(runDir: string): RunNode;
}

/** Opens the provider; it tells the view of exactly the rows that changed. */
export function openRunsTree({ runs, trainers, order }: Lab): RunsTree {
  const changed = new EventEmitter<RunsNode | RunsNode[] | undefined>();
  /** The view knows rows by object: one per run. */
  const nodes = new Map<string, RunNode>();

  function nodeOf(runDir: string): RunNode {
    const node = nodes.get(runDir) ?? { kind: 'run', runDir };
    nodes.set(runDir, node);
    return node;
  }

  const arrange = (): RunGroup[] => groupRuns(runs.runs, order.order, Date.now());
  const rows = openRowChanges({
    textOf(runDir) {
      const state = runs.get(runDir)?.state;
      return JSON.stringify([rowOf(runDir), state?.evaluations.length, state?.checkpoints.length]);
    },
    orderText: () => JSON.stringify(arrange().map((group) => [group.heading, group.runs.map(({ run }) => run.runDir)])),
    draw: (runDirs) => changed.fire(runDirs?.map(nodeOf)),
  });
  const endings = [
    runs.onDidChange(({ isList, runDirs }) => (isList ? rows.updateList(runDirs) : rows.updateProgress(runDirs))),
    trainers.onDidChange(rows.update),
  ];
  const orderChanged = order.onDidChange(() => changed.fire(undefined));
  const minute = setInterval(() => rows.updateList([]), MINUTE_MS);

  function rowOf(runDir: string): RunItem | undefined {
    const live = runs.get(runDir);
    if (live === undefined) return undefined;
    return runItem(live, {
      baseline: runs.baseline?.run,
      placeInQueue: trainers.placeOf(runDir),
      isStopping: trainers.isStopping(runDir),
      now: Date.now(),
    });
  }

  function runTreeItem(runDir: string): TreeItem {
    const live = runs.get(runDir);
    const row = rowOf(runDir);
    if (live === undefined || row === undefined) return new TreeItem('');
    rows.drew(runDir);
    const collapsible = isReadable(live) ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None;
    const item = new TreeItem(row.label, collapsible);
    item.id = runDir;
    item.description = row.description;
    item.iconPath = new ThemeIcon(row.icon, row.color === undefined ? undefined : new ThemeColor(row.color));
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.spoken, role: 'treeitem' };
    item.command = { command: OPEN_CLICKED, title: 'Open Run' };
    return item;
  }

  return {
    onDidChangeTreeData: changed.event,
    nodeOf,
    getTreeItem(node) {
      if (node.kind === 'run') return runTreeItem(node.runDir);
      return node.kind === 'group' ? groupTreeItem(node) : detailTreeItem(node);
    },
    async getChildren(node) {
      if (node === undefined) {
        const groups = arrange();
        rows.drewList();
        for (const runDir of nodes.keys()) if (runs.get(runDir) === undefined) nodes.delete(runDir);
        const isFlat = order.order.grouping === 'none';
        return isFlat ? runNodes(groups[0]) : groups.map((group) => ({ kind: 'group', group }));
      }
      if (node.kind === 'group') return runNodes(node.group);
      return node.kind === 'run' ? detailNodes(node.runDir) : [];
    },
    getParent(node) {
      return node.kind === 'detail' ? nodeOf(node.runDir) : undefined;
    },
    async resolveTreeItem(item, node, token) {
      const live = node.kind === 'run' ? runs.get(node.runDir) : undefined;
      if (live === undefined) return item;
      const skipped = await skippedOf(live, token);
      item.tooltip = new MarkdownString(runTooltip(live, runs, skipped));
      return item;
    },
    dispose() {
      clearInterval(minute);
      rows.dispose();
      for (const end of endings) end();
      orderChanged.dispose();
      changed.dispose();
    },
  };

  function runNodes(group: RunGroup | undefined): RunNode[] {
    return (group?.runs ?? []).map(({ run }) => nodeOf(run.runDir));
  }

  async function detailNodes(runDir: string): Promise<DetailNode[]> {
    const live = runs.get(runDir);
    if (live === undefined || !isReadable(live)) return [];
    const state = live.state ?? (await stateOf(live.run));
    return detailItems(live.run, state).map((item) => ({ kind: 'detail', runDir, item }));
  }
}

/** What the events of a run tell that is not followed. */
async function stateOf({ runDir, status }: RunEntry, signal?: AbortSignal): Promise<RunState> {
  const options = { isOver: isOver(status), keptSteps: LATEST_STEPS };
  return (await foldLog(runDir, signal === undefined ? options : { ...options, signal })).state;
}

/** What was skipped of a run's log; undefined where the log cannot be read. */
async function skippedOf(live: LiveRun, token: CancellationToken): Promise<SkippedLines | undefined> {
  if (!isReadable(live) || live.state !== undefined) return live.state?.skipped;
  const leave = new AbortController();
  const left = token.onCancellationRequested(() => leave.abort());
  try {
    return (await stateOf(live.run, leave.signal)).skipped;
  } catch {
    // The tooltip tells the rest.
    return undefined;
  } finally {
    left.dispose();
  }
}

function groupTreeItem({ group }: GroupNode): TreeItem {
  const item = new TreeItem(group.heading, TreeItemCollapsibleState.Expanded);
  item.id = `group/${group.heading}`;
  item.description = String(group.runs.length);
  item.contextValue = 'group';
  return item;
}

function detailTreeItem({ runDir, item: { key, label, description, icon, tooltip } }: DetailNode): TreeItem {
  const item = new TreeItem(label);
  item.id = `${runDir}/${key}`;
  item.description = description;
  item.iconPath = new ThemeIcon(icon);
  item.tooltip = tooltip;
  item.contextValue = 'detail';
  return item;
}
