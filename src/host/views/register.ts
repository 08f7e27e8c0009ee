import { commands, window } from 'vscode';
import type { Disposal } from '../disposal.ts';
import type { CommandId } from '../commands/table.ts';
import { CLICK } from '../commands/targets.ts';
import type { Lab } from '../lab.ts';
import { isActive } from '../../vocabulary/status.ts';
import { isReadable } from '../runs/live-run.ts';
import { openExperimentsTree } from './experiments-tree.ts';
import { OPEN_CLICKED, openRunsTree } from './runs-tree.ts';
import type { RunsNode } from './runs-tree.ts';

/** The views of the activity bar, and what is selected there. */
export interface LabViews extends Disposal {
  readonly selectedRunDirs: readonly string[];
}

/** Creates both trees; the badge counts the runs at work, the line beside the title is the filter. */
export function createViews(lab: Lab): LabViews {
  const provider = openRunsTree(lab);
  const experiments = openExperimentsTree(lab);
  const runsView = window.createTreeView<RunsNode>('esciLab.runs', {
    treeDataProvider: provider,
    canSelectMany: true,
    showCollapseAll: true,
  });
  const experimentsView = window.createTreeView('esciLab.experiments', { treeDataProvider: experiments });

  const click = commands.registerCommand(OPEN_CLICKED, () =>
    commands.executeCommand('esciLab.openRun' satisfies CommandId, runsView.selection[0], CLICK),
  );

  function showBadge(): void {
    const n = lab.runs.runs.filter(isReadable).filter(({ run }) => isActive(run.status)).length;
    runsView.badge = n === 0 ? undefined : { value: n, tooltip: n === 1 ? 'One run at work' : `${n} runs at work` };
  }

  function showFilter(): void {
    const { filter } = lab.order.order;
    runsView.description = filter;
  }

  showFilter();
  const endBadge = lab.runs.onDidChange(({ isList }) => isList && showBadge());
  const filterChanged = lab.order.onDidChange(showFilter);
  return {
    get selectedRunDirs() {
      return runsView.selection.flatMap((node) => (node.kind === 'run' ? node.runDir : []));
    },
    dispose() {
      endBadge();
      for (const item of [click, filterChanged, runsView, experimentsView, provider, experiments]) item.dispose();
    },
  };
}
