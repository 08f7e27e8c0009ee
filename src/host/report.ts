import { commands, window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { ProblemError } from '../protocol/problem.ts';

/** Tells a person what failed. An expected failure says what to do next; anything else is a bug, with its stack in the log. */
export async function report(error: unknown, log: LogOutputChannel): Promise<void> {
  if (error instanceof ProblemError) {
    const { message, where, next } = error.problem;
    log.warn(error.message);
    const text = [where === undefined ? message : `${message} (${where})`, next ?? ''].join(' ').trim();
    await window.showErrorMessage(text);
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const text = `ESCI Lab: unexpected error: ${error instanceof Error ? error.message : String(error)}`;
  if ((await window.showErrorMessage(text, 'Show Log')) === 'Show Log') log.show();
}

/** Whether trainers may be started here; says why not, with the way to change it. */
export async function mayRun(isTrusted: boolean): Promise<boolean> {
  if (isTrusted) return true;
  const text =
    'ESCI Lab starts nothing in a workspace that is not trusted: an experiment names programs and files to read.';
  if ((await window.showWarningMessage(text, 'Manage Trust')) === 'Manage Trust') {
    await commands.executeCommand('workbench.trust.manage');
  }
  return false;
}
