/** Commands that show runs and what belongs to them. */
import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { commands, env, Uri, window, workspace } from 'vscode';
import { shellQuotePath } from '../../process/shell-quote.ts';
import { runPaths } from '../../runs/layout.ts';
import type { UnreadableRun } from '../../runs/list-runs.ts';
import { ownOf } from '../../vocabulary/own.ts';
import type { Lab } from '../lab.ts';
import { isReadable, nameOf } from '../runs/live-run.ts';
import type { ReadableRun } from '../runs/live-run.ts';
import { lastRunOf } from '../views/experiments-tree.ts';
import { DEFAULT_ORDER, GROUPINGS, SORTINGS } from '../views/run-order.ts';
import type { RunOrder } from '../views/run-order.ts';
import { reportProblem } from './report-problem.ts';
import { CLICK, givenRuns, pickRuns, targetExperiment, targetRun } from './targets.ts';
import type { CommandArgs } from './targets.ts';
import { notices } from '../notices.ts';
import { plainLabel } from '../plain-text.ts';

/** Opens a run's panel; of one that cannot be read, says what is wrong with it. */
export async function openRun(lab: Lab, args: CommandArgs): Promise<void> {
  const [given] = givenRuns(lab, args.slice(0, 1));
  if (given !== undefined && !isReadable(given)) return offerUnreadable(lab, given.run);
  const live = await targetRun(lab, args, 'Run to open');
  if (live !== undefined) await lab.panels.openRun(live.run.runDir, args[1] === CLICK);
}

export async function compareRuns(lab: Lab, args: CommandArgs): Promise<void> {
  const runs = await severalRuns(lab, args, 'Runs to compare');
  if (runs !== undefined) await lab.panels.compareRuns(runs.map(({ run }) => run.runDir));
}

/** The experiments of two runs in the editor's own diff. */
export async function diffExperiments(lab: Lab, args: CommandArgs): Promise<void> {
  const runs = await severalRuns(lab, args, 'Two runs whose experiments to compare');
  const [a, b] = runs ?? [];
  if (a === undefined || b === undefined) return;
  // The older one is what was changed.
  const [left, right] = a.run.id < b.run.id ? [a, b] : [b, a];
  const uri = ({ run }: ReadableRun) => Uri.file(runPaths.experiment(run.runDir));
  const title = `${nameOf(left.run)} ↔ ${nameOf(right.run)} (experiments)`;
  await commands.executeCommand('vscode.diff', uri(left), uri(right), title);
}

/** What was changed in an experiment's file since its newest run, in the editor's own diff. */
export async function diffWithLastRun(lab: Lab, args: CommandArgs): Promise<void> {
  const uri = await targetExperiment(lab, args, 'Experiment to compare with its last run');
  if (uri === undefined) return;
  const last = lastRunOf(lab.runs, { uri });
  if (last === undefined) {
    void notices.info('This experiment has no run yet.');
    return;
  }
  const title = `${nameOf(last.run)} (last run) ↔ ${basename(uri.fsPath)}`;
  await commands.executeCommand('vscode.diff', Uri.file(runPaths.experiment(last.run.runDir)), uri, title);
}

export async function showLog(lab: Lab, args: CommandArgs): Promise<void> {
  const live = await targetRun(lab, args, 'Run whose log to show');
  if (live === undefined) return;
  const path = runPaths.log(live.run.runDir);
  if (!existsSync(path)) {
    void notices.info('This run has no log yet.');
    return;
  }
  await window.showTextDocument(Uri.file(path), { preview: true });
}

/** In the system's file manager, or in the explorer where the files are on another machine. */
export async function revealFolder(lab: Lab, args: CommandArgs): Promise<void> {
  const live = givenRuns(lab, args)[0] ?? (await targetRun(lab, [], 'Run whose folder to show'));
  if (live === undefined) return;
  const uri = Uri.file(live.run.runDir);
  const isElsewhere = env.remoteName !== undefined;
  await commands.executeCommand(isElsewhere ? 'revealInExplorer' : 'revealFileInOS', uri);
}

/** The command line that starts the same in a terminal. */
export async function copyCliCommand(lab: Lab, args: CommandArgs): Promise<void> {
  const [live] = givenRuns(lab, args);
  const record = live !== undefined && isReadable(live) ? live.run.record : undefined;
  const verb = record?.job === 'evaluate' ? 'evaluate' : 'start';
  const uri = record === undefined ? await targetExperiment(lab, args, 'Experiment') : Uri.file(record.experimentFile);
  if (uri === undefined) return;
  const folder = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const path = folder === undefined ? uri.fsPath : relative(folder, uri.fsPath);
  const line = `npx esci-lab ${verb} ${shellQuotePath(path)}`;
  await env.clipboard.writeText(line);
  window.setStatusBarMessage(`$(check) Copied: ${plainLabel(line)}`, 4000);
}

export async function filterRuns({ order }: Lab): Promise<void> {
  const filter = await window.showInputBox({
    title: 'Filter Runs',
    prompt: 'Words in a run’s name, tags, note or status; #tag for tags alone; empty shows all',
    value: order.order.filter,
  });
  if (filter !== undefined) order.change({ filter: filter.trim() });
}

export async function arrangeRuns({ order }: Lab): Promise<void> {
  const now: RunOrder = order.order;
  const mark = (isOn: boolean, text: string) => `${isOn ? '$(check)' : '$(blank)'} ${text}`;
  const items = [
    ...entries(GROUPINGS).map(([key, text]) => ({
      label: mark(now.grouping === key, text),
      description: 'group',
      changes: { grouping: key },
    })),
    ...entries(SORTINGS).map(([key, text]) => ({
      label: mark(now.sorting === key, text),
      description: 'sort',
      changes: { sorting: key },
    })),
  ];
  const picked = await window.showQuickPick(items, {
    placeHolder: 'Group and sort the runs by',
    matchOnDescription: true,
  });
  if (picked !== undefined) order.change(picked.changes);
}

export function clearFilter({ order }: Lab): void {
  order.change({ filter: DEFAULT_ORDER.filter });
}

export async function openWalkthrough({ extensionId }: Lab): Promise<void> {
  await commands.executeCommand('workbench.action.openWalkthrough', `${extensionId}#firstMinutes`);
}

/** Says why a run cannot be opened, with the ways to its folder and to a report. */
async function offerUnreadable(lab: Lab, { id, runDir, problem }: UnreadableRun): Promise<void> {
  const ways = { 'Reveal Folder': revealFolder, 'Report…': reportProblem } as const;
  const text = [`${id} cannot be read: ${problem.message}`, problem.next ?? ''].join(' ').trim();
  const picked = await notices.error(text, ...Object.keys(ways));
  await ownOf(ways, picked)?.(lab, [runDir]);
}

/** The selected runs when they are at least two; else those that are picked. */
async function severalRuns(
  lab: Lab,
  args: CommandArgs,
  placeHolder: string,
): Promise<readonly ReadableRun[] | undefined> {
  const given = givenRuns(lab, args).filter(isReadable);
  if (given.length >= 2) return given;
  const [one] = given;
  const others = lab.runs.runs.filter(isReadable).filter(({ run }) => run.runDir !== one?.run.runDir);
  const text = one === undefined ? placeHolder : `Compare ${nameOf(one.run)} with`;
  const picked = await pickRuns(lab, others, { placeHolder: text, isMany: one === undefined });
  if (picked === undefined) return undefined;
  const all = one === undefined ? picked : [one, ...picked];
  if (all.length >= 2) return all;
  void notices.info('Pick at least two runs.');
  return undefined;
}

function entries<T extends string>(table: Readonly<Record<T, string>>): [T, string][] {
  return Object.entries(table) as [T, string][];
}
