/** Commands that choose between the two ways to edit an experiment: as a form, and as text. */
import { commands, Uri, window } from 'vscode';
import { activeForm, FORM_VIEW_TYPE } from '../form/form-editor.ts';
import type { Lab } from '../lab.ts';
import { targetExperiment } from './targets.ts';
import type { CommandArgs } from './targets.ts';

/** Opens an experiment's form: of the one that it was called on, else the active editor's, else the one picked. */
export async function openAsForm(lab: Lab, args: CommandArgs): Promise<void> {
  const active = window.activeTextEditor?.document.uri;
  const files = active === undefined || args[0] !== undefined ? [] : await lab.experiments.list();
  const isActive = files.some(({ uri }) => uri.toString() === active?.toString());
  const uri = await targetExperiment(lab, isActive ? [active] : args, 'Experiment to open as a form');
  if (uri !== undefined) await commands.executeCommand('vscode.openWith', uri, FORM_VIEW_TYPE);
}

/** Opens the text of the form that it was called on, or that is active. */
export async function openAsText(_lab: Lab, [first]: CommandArgs): Promise<void> {
  const uri = first instanceof Uri ? first : activeForm();
  if (uri !== undefined) await commands.executeCommand('vscode.openWith', uri, 'default');
}
