/** All commands of the extension: one table from which they are registered, and with which a test compares package.json. */

export interface CommandSpec {
  /** Shown in the palette as "ESCI Lab: <title>". Three dots mean that it asks before it acts. */
  readonly title: string;
  /** Name of a codicon. */
  readonly icon?: string;
  /** Whether a process is started or ended, or a folder deleted: refused, with the reason, in a workspace that is not trusted. */
  readonly needsTrust?: true;
  /** When the palette offers it; always without one. */
  readonly palette?: string;
}

const IS_FORM = "activeCustomEditorId == 'esciLab.experimentForm'";
const IN_FOLDER = 'workspaceFolderCount > 0';
const HAS_RUNS = 'esciLab.hasRuns';

export const COMMANDS = {
  'esciLab.startExperiment': { title: 'Start Experiment…', icon: 'play', needsTrust: true, palette: IN_FOLDER },
  'esciLab.dryRun': { title: 'Dry Run…', icon: 'search', needsTrust: true, palette: IN_FOLDER },
  'esciLab.newExperiment': { title: 'New Experiment…', icon: 'add', palette: IN_FOLDER },
  'esciLab.evaluateModel': { title: 'Evaluate Model…', icon: 'beaker', needsTrust: true, palette: IN_FOLDER },
  'esciLab.openAsForm': { title: 'Open as Form', icon: 'settings', palette: IN_FOLDER },
  'esciLab.openAsText': { title: 'Open as Text', icon: 'go-to-file', palette: IS_FORM },
  'esciLab.stopRun': { title: 'Stop', icon: 'debug-stop', needsTrust: true, palette: 'esciLab.hasActiveRuns' },
  'esciLab.resumeRun': { title: 'Resume', icon: 'debug-continue', needsTrust: true, palette: HAS_RUNS },
  'esciLab.startAgain': { title: 'Start Again', icon: 'debug-rerun', needsTrust: true, palette: HAS_RUNS },
  'esciLab.startNow': { title: 'Start Now', icon: 'run-all', needsTrust: true, palette: 'esciLab.hasActiveRuns' },
  'esciLab.openRun': { title: 'Open Run', icon: 'graph-line', palette: HAS_RUNS },
  'esciLab.compareRuns': { title: 'Compare Runs', icon: 'git-compare', palette: HAS_RUNS },
  'esciLab.diffExperiments': { title: 'Diff Experiments', icon: 'diff', palette: HAS_RUNS },
  'esciLab.diffWithLastRun': { title: 'Diff with Last Run', icon: 'diff', palette: HAS_RUNS },
  'esciLab.setBaseline': { title: 'Set as Baseline', icon: 'star-empty', palette: HAS_RUNS },
  'esciLab.clearBaseline': { title: 'Remove as Baseline', icon: 'star-full', palette: HAS_RUNS },
  'esciLab.renameRun': { title: 'Rename…', icon: 'edit', palette: HAS_RUNS },
  'esciLab.annotateRun': { title: 'Edit Tags and Note…', icon: 'tag', palette: HAS_RUNS },
  'esciLab.deleteRun': { title: 'Delete', icon: 'trash', needsTrust: true, palette: HAS_RUNS },
  'esciLab.emptyTrash': { title: 'Empty Trash…', needsTrust: true, palette: IN_FOLDER },
  'esciLab.showLog': { title: 'Show Log', icon: 'output', palette: HAS_RUNS },
  'esciLab.revealFolder': { title: 'Reveal Folder', icon: 'folder-opened', palette: HAS_RUNS },
  'esciLab.copyCliCommand': { title: 'Copy CLI Command', icon: 'terminal', palette: IN_FOLDER },
  'esciLab.exportRun': { title: 'Export…', icon: 'export', palette: HAS_RUNS },
  'esciLab.reportProblem': { title: 'Report a Problem…', icon: 'report', palette: HAS_RUNS },
  'esciLab.filterRuns': { title: 'Filter Runs…', icon: 'filter', palette: HAS_RUNS },
  'esciLab.clearFilter': { title: 'Clear Filter', icon: 'filter-filled', palette: 'esciLab.hasFilter' },
  'esciLab.arrangeRuns': { title: 'Group and Sort Runs…', icon: 'list-tree', palette: HAS_RUNS },
  'esciLab.refresh': { title: 'Refresh', icon: 'refresh', palette: IN_FOLDER },
  'esciLab.openWalkthrough': { title: 'Open Walkthrough', icon: 'compass' },
} as const satisfies Record<`esciLab.${string}`, CommandSpec>;

export type CommandId = keyof typeof COMMANDS;
