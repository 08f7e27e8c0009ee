import { commands } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { ProblemError } from '../vocabulary/problem.ts';
import { notices } from './notices.ts';

/** Tells a person what failed. An expected failure says what to do next; anything else is a bug, with its stack in the log. */
export async function report(error: unknown, log: LogOutputChannel): Promise<void> {
  if (error instanceof ProblemError) {
    const { message, where, next } = error.problem;
    log.warn(error.message);
    const text = [where === undefined ? message : `${message} (${where})`, next ?? ''].join(' ').trim();
    await notices.error(text);
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const text = `ESCI Lab: unexpected error: ${error instanceof Error ? error.message : String(error)}`;
  if ((await notices.error(text, 'Show Log')) === 'Show Log') log.show();
}

/** Whether processes and folders may be touched here; says why not, with the way to change it. */
export async function mayRun(isTrusted: boolean): Promise<boolean> {
  if (isTrusted) return true;
  const text =
    'ESCI Lab starts, stops and deletes nothing in a workspace that is not trusted: its files name what to run, to end and to read.';
  if ((await notices.warn(text, 'Manage Trust')) === 'Manage Trust') {
    await commands.executeCommand('workbench.trust.manage');
  }
  return false;
}
