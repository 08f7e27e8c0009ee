/** What tests inside the extension host share: the extension, its workspace, runs to work with, and waiting. */
import { setTimeout as delay } from 'node:timers/promises';
import { readdirSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, extensions, window, workspace, Uri } from 'vscode';
import type { CommandId } from '../../src/host/commands/table.ts';
import type { Lab } from '../../src/host/lab.ts';
import { isActive } from '../../src/vocabulary/status.ts';
import { isReadable } from '../../src/host/runs/live-run.ts';
import { runPaths } from '../../src/runs/layout.ts';
import { writeExampleRun } from '../e2e/example-runs.ts';
import type { ExampleRun } from '../e2e/example-runs.ts';

const EXTENSION = 'esci-lab.esci-lab';

/** The extension under test. */
export function extension() {
  const found = extensions.getExtension<{ readonly lab: Lab; readonly ready: Promise<void> } | undefined>(EXTENSION);
  if (found === undefined) throw new Error(`${EXTENSION} is not here`);
  return found;
}

/** What tests read of package.json. */
interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly colors: readonly { readonly id: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

export function manifest(): Manifest {
  return extension().packageJSON as Manifest;
}

/** The objects of the activated extension, once it has read its folders. */
export async function openLab(): Promise<Lab> {
  const exported = await extension().activate();
  if (exported === undefined) throw new Error('The extension does not run in test mode');
  await exported.ready;
  return exported.lab;
}

/** Absolute path of something in the workspace. */
export function inWorkspace(...parts: readonly string[]): string {
  return join(workspace.workspaceFolders![0]!.uri.fsPath, ...parts);
}

/** The file of an experiment of the workspace. */
export function experiment(name: string): Uri {
  return Uri.file(inWorkspace('configs', `${name}.yml`));
}

/** Writes a run into the workspace, with another experiment's text if one is given; the extension knows it then. */
export async function exampleRun(run: Partial<ExampleRun> & { readonly name: string }, text?: string): Promise<string> {
  const lab = await openLab();
  const runDir = await writeExampleRun(inWorkspace('runs'), { status: 'finished', ageMs: 3_600_000, ...run });
  if (text !== undefined) await writeFile(runPaths.experiment(runDir), text);
  await lab.runs.refresh();
  return runDir;
}

/** Looks again and again until there is something to see, and gives that. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 120_000,
): Promise<T> {
  for (const end = Date.now() + limitMs; Date.now() < end;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    await delay(50);
  }
  throw new Error(`not seen in ${limitMs / 1000} s: ${what}`);
}

/** Labels of all open tabs. */
export function tabLabels(): string[] {
  return window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));
}

/** Runs a command of the extension as a menu would, with a row or a path and the selected rows. */
export async function execute(command: CommandId, ...args: readonly unknown[]): Promise<void> {
  await commands.executeCommand(command, ...args);
}

/** Opens the centre of notifications: under a test driver the editor shows none by itself. */
export async function showNotices(): Promise<void> {
  await commands.executeCommand('notifications.showList');
}

/** Experiments that tests begin with. */
const EXPERIMENTS = workspace.workspaceFolders === undefined ? [] : readdirSync(inWorkspace('configs'));

/** Ends and removes all that a test has made or opened, so that the next one begins with nothing. */
export async function cleanUp(): Promise<void> {
  const lab = await openLab();
  await commands.executeCommand('workbench.action.closeQuickOpen');
  await commands.executeCommand('notifications.clearAll');
  await commands.executeCommand('workbench.action.closeAllEditors');
  lab.order.change({ grouping: 'none', sorting: 'time', filter: '' });
  await lab.runs.refresh();
  const readable = lab.runs.runs.filter(isReadable).map(({ run }) => run);
  for (const { runDir } of readable.filter((run) => lab.trainers.placeOf(run.runDir) !== undefined)) {
    await lab.trainers.stop(runDir);
  }
  // An example run that goes on names this very process as its trainer.
  const trained = readable.filter((run) => isActive(run.status) && run.record.process?.pid !== process.pid);
  await Promise.all(trained.map(({ runDir }) => lab.trainers.stop(runDir)));
  if (workspace.workspaceFolders === undefined) return;
  const isMade = (file: string) => !EXPERIMENTS.includes(file);
  const made = (await readdir(inWorkspace('configs'))).filter(isMade).map((file) => inWorkspace('configs', file));
  for (const path of [...made, inWorkspace('runs')]) await rm(path, { recursive: true, force: true, maxRetries: 5 });
  await lab.runs.refresh();
}
