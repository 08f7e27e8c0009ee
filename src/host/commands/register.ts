import { commands, workspace } from 'vscode';
import type { Disposable } from 'vscode';
import type { Lab } from '../lab.ts';
import { mayRun, report } from '../report.ts';
import { annotateRun, clearBaseline, deleteRun, emptyTrash, renameRun, setBaseline } from './annotate.ts';
import { dryRun } from './dry-run.ts';
import { exportRun } from './export-run.ts';
import { arrangeRuns, clearFilter, compareRuns, copyCliCommand, diffExperiments, diffWithLastRun } from './show.ts';
import { filterRuns, openRun, openWalkthrough, revealFolder, showLog } from './show.ts';
import { newExperiment } from './new-experiment.ts';
import { openAsForm, openAsText } from './open-as.ts';
import { reportProblem } from './report-problem.ts';
import { evaluateModel, resumeRun, startAgain, startExperiment, startNow, stopRun } from './start.ts';
import { COMMANDS } from './table.ts';
import type { CommandId, CommandSpec } from './table.ts';
import type { CommandArgs } from './targets.ts';

type Handler = (lab: Lab, args: CommandArgs) => void | Promise<void>;

const handlers = {
  'esciLab.startExperiment': startExperiment,
  'esciLab.dryRun': dryRun,
  'esciLab.newExperiment': newExperiment,
  'esciLab.evaluateModel': evaluateModel,
  'esciLab.openAsForm': openAsForm,
  'esciLab.openAsText': openAsText,
  'esciLab.stopRun': stopRun,
  'esciLab.resumeRun': resumeRun,
  'esciLab.startAgain': startAgain,
  'esciLab.startNow': startNow,
  'esciLab.openRun': openRun,
  'esciLab.compareRuns': compareRuns,
  'esciLab.diffExperiments': diffExperiments,
  'esciLab.diffWithLastRun': diffWithLastRun,
  'esciLab.setBaseline': setBaseline,
  'esciLab.clearBaseline': clearBaseline,
  'esciLab.renameRun': renameRun,
  'esciLab.annotateRun': annotateRun,
  'esciLab.deleteRun': deleteRun,
  'esciLab.emptyTrash': emptyTrash,
  'esciLab.showLog': showLog,
  'esciLab.revealFolder': revealFolder,
  'esciLab.copyCliCommand': copyCliCommand,
  'esciLab.exportRun': exportRun,
  'esciLab.reportProblem': reportProblem,
  'esciLab.filterRuns': filterRuns,
  'esciLab.clearFilter': clearFilter,
  'esciLab.arrangeRuns': arrangeRuns,
  'esciLab.refresh': ({ runs }) => runs.refresh(),
  'esciLab.openWalkthrough': openWalkthrough,
} satisfies Record<CommandId, Handler>;

/** Registers every command of the table. This is where their failures end. */
export function registerCommands(lab: Lab): Disposable[] {
  return (Object.keys(handlers) as CommandId[]).map((id) => {
    const { needsTrust }: CommandSpec = COMMANDS[id];
    const handler: Handler = handlers[id];
    return commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        if (needsTrust === true && !(await mayRun(workspace.isTrusted))) return;
        await handler(lab, args);
      } catch (error) {
        await report(error, lab.log);
      }
    });
  });
}
