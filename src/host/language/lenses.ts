import { CodeLens, EventEmitter, Range } from 'vscode';
import type { CodeLensProvider, TextDocument } from 'vscode';
import type { CommandId } from '../commands/table.ts';
import { disposeAll } from '../disposal.ts';
import type { Disposal } from '../disposal.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { lastRunOf } from '../views/experiments-tree.ts';
import { configCode } from './config-code.ts';

/** Above the first key of an experiment: what can be done with it, also after its first run has come. */
export function openLenses(runs: LiveRuns): CodeLensProvider & Disposal {
  const changed = new EventEmitter<void>();
  const endRuns = runs.onDidChange(({ isList }) => isList && changed.fire());
  return {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) => lensesOf(document, runs),
    dispose: () => disposeAll([changed, { dispose: endRuns }]).dispose(),
  };
}

async function lensesOf(document: TextDocument, runs: LiveRuns): Promise<CodeLens[]> {
  const { isExperimentText } = await configCode();
  const text = document.getText();
  if (!isExperimentText(text)) return [];
  const at = document.positionAt(Math.max(0, text.search(/^[^#\s]/m)));
  const lens = (title: string, command: CommandId) =>
    new CodeLens(new Range(at, at), { title, command, arguments: [document.uri] });
  const hasRun = lastRunOf(runs, document) !== undefined;
  return [
    lens('$(play) Start', 'esciLab.startExperiment'),
    lens('$(search) Dry Run', 'esciLab.dryRun'),
    ...(hasRun ? [lens('$(diff) Diff with Last Run', 'esciLab.diffWithLastRun')] : []),
    lens('$(beaker) Evaluate Model', 'esciLab.evaluateModel'),
  ];
}
