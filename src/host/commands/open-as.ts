/** Commands that choose between the two ways to edit an experiment: as a form, and as text. */
import { commands, Uri, window } from 'vscode';
import { activeFile, FORM_VIEW_TYPE } from '../form/form-editor.ts';
import type { Lab } from '../lab.ts';
import { targetExperiment } from './targets.ts';
import type { CommandArgs } from './targets.ts';

/** Opens an experiment's form: of the one that it was called on, else the active editor's, else the one picked. */
export async function openAsForm(lab: Lab, args: CommandArgs): Promise<void> {
  const active = window.activeTextEditor?.document.uri;
  const files = active === undefined || args[0] !== undefined ? [] : await lab.experiments.list();
  const isActive = files.some(({ uri }) => uri.toString() === active?.toString());
  const uri = await targetExperiment(lab, isActive ? [active] : args, 'Experiment to open as a form');
  if (uri !== undefined) await openWith(uri, FORM_VIEW_TYPE);
}

/** Opens the text of the form that it was called on, or that is active. */
export async function openAsText(_lab: Lab, [first]: CommandArgs): Promise<void> {
  const uri = first instanceof Uri ? first : activeFile();
  if (uri !== undefined) await openWith(uri, 'default');
}

/** In place of the editor that shows the file now, if that is the active one: two tabs of one name help nobody. */
async function openWith(uri: Uri, viewType: string): Promise<void> {
  const isShown = activeFile()?.toString() === uri.toString();
  if (isShown) await commands.executeCommand('reopenActiveEditorWith', viewType);
  else await commands.executeCommand('vscode.openWith', uri, viewType);
}
