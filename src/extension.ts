import { basename, dirname } from 'node:path';
import { ExtensionMode, Uri, window, workspace } from 'vscode';
import type { ExtensionContext } from 'vscode';
import { registerCommands } from './host/commands/register.ts';
import { keepContextKeys } from './host/context-keys.ts';
import { disposeAll } from './host/disposal.ts';
import { openReportDocuments } from './host/report-documents.ts';
import { openExperimentReader } from './host/experiments/experiment-reader.ts';
import { openExperiments } from './host/experiments/experiments.ts';
import { registerForm } from './host/form/form-editor.ts';
import type { Lab, Panels } from './host/lab.ts';
import { notifyEnds } from './host/notify-ends.ts';
import { panelActions } from './host/panel-actions.ts';
import { openComparePanel, restoreComparePanels } from './host/panels/compare-panel.ts';
import { nameRunPanels, openRunPanel, restoreRunPanels } from './host/panels/run-panel.ts';
import { report } from './host/report.ts';
import { showRunStatus } from './host/run-status-bar.ts';
import { openExperimentFacts } from './host/language/run-facts.ts';
import { registerLanguage } from './host/language/register.ts';
import { openLiveRuns } from './host/runs/live-runs.ts';
import { maxParallelRuns, nodePath, runsFolderOf, runsFolders } from './host/settings.ts';
import { keptQueue } from './host/trainers/kept-queue.ts';
import { openTrainers } from './host/trainers/trainers.ts';
import { openRunOrderMemory } from './host/views/run-order-memory.ts';
import { createViews } from './host/views/register.ts';
import { ProblemError } from './vocabulary/problem.ts';

const OTHER_FOLDER = {
  code: 'other-runs-folder',
  message: 'These runs are in different runs folders; only runs of one folder can be compared.',
};
const QUEUE = 'esciLab.queue';

/** Builds the objects and registers them, nothing else. The runs are read after this has returned. */
export function activate(context: ExtensionContext): { readonly lab: Lab; readonly ready: Promise<void> } | undefined {
  const { workspaceState: memory, extensionPath } = context;
  const extensionId = context.extension.id;
  const { version } = context.extension.packageJSON as { readonly version: string };
  const log = window.createOutputChannel('ESCI Lab', { log: true });
  const onError = (error: unknown) => void report(error, log);
  const runs = openLiveRuns({ onError });
  const trainers = openTrainers({
    runs,
    script: Uri.joinPath(context.extensionUri, 'dist', 'trainer.js').fsPath,
    nodePath,
    maxParallel: maxParallelRuns,
    mayStart: () => workspace.isTrusted,
    queue: keptQueue(memory.get(QUEUE)),
    remember: (queue) => void memory.update(QUEUE, queue),
    onError,
  });
  const reader = openExperimentReader(Uri.joinPath(context.extensionUri, 'dist', 'read-worker.js').fsPath);
  const experiments = openExperiments(reader);
  const ownRunsFolder = (fileName: string) => {
    const folder = workspace.getWorkspaceFolder(Uri.file(fileName));
    return folder && runsFolderOf(folder);
  };
  const known = openExperimentFacts(runs, ownRunsFolder, (path) => reader.read('dataOptions', path));
  const actions = panelActions(() => lab);
  const panels: Panels = {
    openRun: (runDir, keepsFocus) => openRunPanel(context, runDir, actions, keepsFocus),
    compareRuns: (runDirs) => {
      const [runsFolder = '', ...others] = new Set(runDirs.map((runDir) => dirname(runDir)));
      if (others.length > 0) throw new ProblemError(OTHER_FOLDER);
      openComparePanel(
        context,
        runsFolder,
        runDirs.map((runDir) => basename(runDir)),
        actions,
      );
    },
  };
  const reports = openReportDocuments();
  const order = openRunOrderMemory(memory);
  const selectedRunDirs = (): readonly string[] => views.selectedRunDirs;
  const lab: Lab = {
    runs,
    experiments,
    trainers,
    panels,
    reports,
    order,
    selectedRunDirs,
    log,
    extensionId,
    version,
    extensionPath,
    memory,
  };
  const views = createViews(lab);

  const lookAtFolders = async (): Promise<void> => {
    await runs.setFolders(runsFolders());
    await trainers.pump();
    await experiments.list();
  };
  const lookAgain = () => void lookAtFolders().catch(onError);
  const all = disposeAll([
    log,
    runs,
    reader,
    experiments,
    reports,
    ...registerCommands(lab),
    views,
    restoreRunPanels(context, actions),
    restoreComparePanels(context, actions),
    showRunStatus(lab),
    registerLanguage(runs, known, onError),
    registerForm(context, runs, known),
    workspace.onDidChangeWorkspaceFolders(lookAgain),
    workspace.onDidGrantWorkspaceTrust(lookAgain),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('esciLab') && lookAgain()),
    ...[
      keepContextKeys(runs),
      notifyEnds(lab),
      runs.onDidChange(({ isList }) => isList && nameRunPanels(context, actions)),
    ].map((dispose) => ({ dispose })),
  ]);
  context.subscriptions.push(all);
  const ready = lookAtFolders().catch(onError);
  return context.extensionMode === ExtensionMode.Test ? { lab, ready } : undefined;
}
