/** Commands that start, stop and go on with runs. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { WorkspaceFolder } from 'vscode';
import type { Experiment } from '../../config/experiment.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import { readExperimentText } from '../../runs/experiment-text.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import type { Lab } from '../lab.ts';
import { isActive, isResumable } from '../../vocabulary/status.ts';
import type { ReadableRun } from '../runs/live-run.ts';
import { runsFolderOf } from '../settings.ts';
import { requireBaselineOrWait } from './require-baseline-or-wait.ts';
import { pickCheckpoint } from './pick-checkpoint.ts';
import type { CommandId } from './table.ts';
import { targetExperiment, targetRun, targetRuns } from './targets.ts';
import type { CommandArgs } from './targets.ts';

/** Starts the experiment of a file as a new run, and opens it. */
export async function startExperiment(lab: Lab, args: CommandArgs): Promise<void> {
  const uri = await targetExperiment(lab, args, 'Experiment to start; its button is a dry run, which starts nothing', {
    icon: 'search',
    tooltip: 'Dry Run: what would run, and what it would take',
    act: (file) => void commands.executeCommand('esciLab.dryRun' satisfies CommandId, file),
  });
  if (uri !== undefined) await startFile(lab, uri, 'train');
}

/** Evaluates the model of an experiment, as it is, on the test split. */
export async function evaluateModel(lab: Lab, args: CommandArgs): Promise<void> {
  const uri = await targetExperiment(lab, args, 'Experiment whose model to evaluate, as it is');
  if (uri !== undefined) await startFile(lab, uri, 'evaluate');
}

/** Starts the experiment of a run once more, as it ran then. */
export async function startAgain(lab: Lab, args: CommandArgs): Promise<void> {
  const live = await targetRun(lab, args, 'Run to start again');
  if (live === undefined) return;
  const { runDir, record } = live.run;
  const text = await readExperimentText(runDir);
  const { name, job, experimentFile } = record;
  const { parseExperiment } = await import('../../config/check/parse-experiment.ts');
  const parsed = parseExperiment(text, experimentFile);
  if ('experiment' in parsed) await requireBaselineOrWait(lab, live.runsFolder, parsed.experiment);
  await open(lab, await lab.trainers.start(live.runsFolder, text, { name, job, experimentFile }, workingFolder(live)));
}

export async function stopRun(lab: Lab, args: CommandArgs): Promise<void> {
  const { trainers } = lab;
  const stoppable = ({ run }: ReadableRun) =>
    isActive(run.status) || trainers.isStarting(run.runDir) || trainers.placeOf(run.runDir) !== undefined;
  const targets = await targetRuns(lab, args, 'Run to stop', stoppable);
  await Promise.all(targets.map(({ run }) => trainers.stop(run.runDir)));
}

export async function resumeRun(lab: Lab, args: CommandArgs): Promise<void> {
  const resumable = ({ run }: ReadableRun) => isResumable(run.status);
  const live = await targetRun(lab, args, 'Run to resume', resumable);
  if (live === undefined) return;
  const isLost = live.run.record.problem?.code === 'checkpoint-lost';
  const choice = isLost ? await pickCheckpoint(live) : { finalStep: undefined };
  if (choice === undefined) return;
  await lab.trainers.resume(live.run.runDir, workingFolder(live), choice.finalStep);
  await open(lab, live.run.runDir);
}

export async function startNow(lab: Lab, args: CommandArgs): Promise<void> {
  const waiting = ({ run }: ReadableRun) => lab.trainers.placeOf(run.runDir) !== undefined;
  const live = await targetRun(lab, args, 'Run to start now', waiting);
  if (live !== undefined) await lab.trainers.startNow(live.run.runDir);
}

/** An experiment as a person sees it in the editor, without an error. */
export interface CheckedExperiment {
  readonly name: string;
  readonly text: string;
  readonly experiment: Experiment;
  readonly folder: WorkspaceFolder;
}

/**
 * Reads the experiment of a file, saved first; shows its problems when it has errors. Undefined when it was not saved.
 * @throws ProblemError `no-workspace`, `bad-experiment`
 */
export async function checkedExperiment(uri: Uri): Promise<CheckedExperiment | undefined> {
  const folder = workspace.getWorkspaceFolder(uri);
  if (folder === undefined) {
    const message = 'This experiment is outside of the workspace, so its runs would have no place.';
    throw new ProblemError({ code: 'no-workspace', message, where: uri.fsPath, next: 'Open its folder.' });
  }
  // What the person sees in the editor is what runs.
  const document = await workspace.openTextDocument(uri);
  if (document.isDirty && !(await document.save())) return undefined;
  const text = document.getText();
  const { parseExperiment } = await import('../../config/check/parse-experiment.ts');
  const parsed = parseExperiment(text, uri.fsPath);
  if (!('experiment' in parsed)) {
    const errors = parsed.problems.filter(({ severity }) => severity === 'error');
    await window.showTextDocument(document);
    await commands.executeCommand('workbench.actions.view.problems');
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    throw new ProblemError({ code: 'bad-experiment', message: `Not started: ${errors[0]?.message ?? ''}${more}` });
  }
  return { name: experimentName(uri.fsPath), text, experiment: parsed.experiment, folder };
}

/** Starts the experiment of a file as a new run, and opens it; nothing starts whose baseline is none. */
export async function startFile(lab: Lab, uri: Uri, job: 'train' | 'evaluate'): Promise<void> {
  const checked = await checkedExperiment(uri);
  if (checked === undefined) return;
  const { name, text, experiment, folder } = checked;
  const runsFolder = runsFolderOf(folder);
  await requireBaselineOrWait(lab, runsFolder, experiment).catch(async (error: unknown) => {
    // Its text marks the baseline.
    await window.showTextDocument(uri);
    throw error;
  });
  const run = { name, job, experimentFile: uri.fsPath };
  await open(lab, await lab.trainers.start(runsFolder, text, run, folder.uri.fsPath));
}

async function open(lab: Lab, runDir: string): Promise<void> {
  await lab.panels.openRun(runDir);
}

/** Relative paths of an experiment are tried from the workspace folder it lies in. */
function workingFolder({ run, runsFolder }: ReadableRun): string {
  const folder = workspace.getWorkspaceFolder(Uri.file(run.record.experimentFile))?.uri.fsPath;
  return folder !== undefined && existsSync(folder) ? folder : dirname(runsFolder);
}
