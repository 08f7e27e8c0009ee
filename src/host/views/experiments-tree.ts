import { EventEmitter, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace } from 'vscode';
import type { TreeDataProvider } from 'vscode';
import type { Disposal } from '../disposal.ts';
import type { ExperimentFile } from '../experiments/experiments.ts';
import type { Lab } from '../lab.ts';
import { metricText } from '../../vocabulary/words/metric.ts';
import { agoText } from '../../vocabulary/words/time.ts';
import { isActive } from '../../vocabulary/status.ts';
import { headlineOf, isReadable } from '../runs/live-run.ts';
import type { ReadableRun } from '../runs/live-run.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { progressText } from './run-item.ts';

/** The rows of the view `esciLab.experiments`. */
export type ExperimentsTree = TreeDataProvider<ExperimentFile> & Disposal;

export function openExperimentsTree({ runs, experiments }: Lab): ExperimentsTree {
  const changed = new EventEmitter<void>();
  const endRuns = runs.onDidChange(({ isList }) => isList && changed.fire());
  const endExperiments = experiments.onDidChange(() => changed.fire());
  return {
    onDidChangeTreeData: changed.event,
    async getChildren(node) {
      return node === undefined ? [...(await experiments.list())] : [];
    },
    getTreeItem(file) {
      const item = new TreeItem(file.name, TreeItemCollapsibleState.None);
      item.id = file.uri.toString();
      item.resourceUri = file.uri;
      item.iconPath = new ThemeIcon('beaker');
      const last = lastRunOf(runs, file);
      item.description = describeExperiment(file, last);
      const about =
        file.problem === undefined ? [`model ${file.model}`, `data ${file.data}`, file.settings] : [file.problem];
      item.tooltip = [workspace.asRelativePath(file.uri), ...about].join('\n');
      item.contextValue = last === undefined ? 'experiment' : 'experiment ran';
      item.command = { command: 'vscode.open', title: 'Open', arguments: [file.uri] };
      return item;
    },
    dispose() {
      endRuns();
      endExperiments.dispose();
      changed.dispose();
    },
  };
}

/** The newest run of an experiment's file. */
export function lastRunOf(runs: LiveRuns, { uri }: Pick<ExperimentFile, 'uri'>): ReadableRun | undefined {
  return runs.runs.filter(isReadable).find(({ run }) => run.record.experimentFile === uri.fsPath);
}

/** The experiment's latest result in a few words; its model when it never ran. */
export function describeExperiment(file: ExperimentFile, last: ReadableRun | undefined): string {
  // A file that is refused as a whole tells no model, but why.
  if (last === undefined) return file.problem ?? (shortName(file.model) || file.settings);
  const { run, state } = last;
  if (isActive(run.status)) return progressText(state);
  const headline = headlineOf(run);
  const result = headline === undefined ? run.status : metricText(headline.value);
  return `${result}  ${agoText(run.record.endedAt ?? run.record.createdAt)}`;
}

/** A hub id without its owner, a path without its folders, a bundled name alone. */
export function shortName(name: string): string {
  return name.replace(/^bundled:|^.*\//, '');
}
