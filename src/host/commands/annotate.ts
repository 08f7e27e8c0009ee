/** Commands about what a person says about runs, and the trash. */
import { window } from 'vscode';
import { annotate } from '../../runs/annotation.ts';
import { markBaseline } from '../../runs/list-runs.ts';
import { listTrash, moveToTrash, purgeTrash, restoreFromTrash } from '../../runs/trash.ts';
import type { Lab } from '../lab.ts';
import { isReadable, nameOf } from '../runs/live-run.ts';
import { runsFolders } from '../settings.ts';
import { givenRuns, targetRun, targetRuns } from './targets.ts';
import type { CommandArgs } from './targets.ts';
import { notices } from '../notices.ts';
import { plainNotice } from '../plain-text.ts';

export async function setBaseline(lab: Lab, args: CommandArgs): Promise<void> {
  const live = await targetRun(lab, args, 'Run that deltas refer to', ({ run }) => !run.annotation.isBaseline);
  if (live === undefined) return;
  await markBaseline(live.runsFolder, live.run.id);
  await lab.runs.refresh();
}

export async function clearBaseline(lab: Lab): Promise<void> {
  const baseline = lab.runs.baseline;
  if (baseline === undefined) return;
  await markBaseline(baseline.runsFolder, undefined);
  await lab.runs.refresh();
}

export async function renameRun(lab: Lab, args: CommandArgs): Promise<void> {
  const live = await targetRun(lab, args, 'Run to rename');
  if (live === undefined) return;
  const title = await window.showInputBox({
    title: 'Rename Run',
    prompt: plainNotice(`Shown instead of the experiment’s name, ${live.run.record.name}; empty to show that again`),
    value: nameOf(live.run),
  });
  if (title === undefined) return;
  await annotate(live.run.runDir, { title: title.trim() === live.run.record.name ? '' : title });
  await lab.runs.refresh();
}

export async function annotateRun(lab: Lab, args: CommandArgs): Promise<void> {
  const targets = await targetRuns(lab, args, 'Run to describe');
  const [first] = targets;
  if (first === undefined) return;
  const tags = await window.showInputBox({
    title: `Tags of ${targets.length === 1 ? nameOf(first.run) : `${targets.length} runs`} (1 of 2)`,
    prompt: 'Separated by commas or blanks',
    value: first.run.annotation.tags.join(', '),
  });
  if (tags === undefined) return;
  const note = await window.showInputBox({
    title: 'Note (2 of 2)',
    prompt: 'What you want to remember about it',
    value: first.run.annotation.note,
  });
  if (note === undefined) return;
  const list = [...new Set(tags.split(/[\s,]+/).map((tag) => tag.replace(/^#/, '')))].filter((tag) => tag !== '');
  await Promise.all(targets.map(({ run }) => annotate(run.runDir, { tags: list, note })));
  await lab.runs.refresh();
}

/** Moves runs to the trash of their runs folder, with a way back. Runs that cannot be read can be deleted as well. */
export async function deleteRun(lab: Lab, args: CommandArgs): Promise<void> {
  const given = givenRuns(lab, args);
  const targets = given.length > 0 ? given : await targetRuns(lab, args, 'Run to delete');
  if (targets.length === 0) return;
  const deleted: { runsFolder: string; id: string }[] = [];
  try {
    for (const { runsFolder, run } of targets) {
      await moveToTrash(runsFolder, run.id);
      deleted.push({ runsFolder, id: run.id });
    }
  } finally {
    await lab.runs.refresh();
    if (deleted.length > 0)
      void offerUndo(
        lab,
        deleted,
        targets.filter(isReadable).map(({ run }) => nameOf(run)),
      );
  }
}

async function offerUndo(
  lab: Lab,
  deleted: readonly { runsFolder: string; id: string }[],
  names: readonly string[],
): Promise<void> {
  const what = deleted.length === 1 ? (names[0] ?? deleted[0]!.id) : `${deleted.length} runs`;
  if ((await notices.info(`Moved ${what} to the trash.`, 'Undo')) !== 'Undo') return;
  for (const { runsFolder, id } of deleted) await restoreFromTrash(runsFolder, id);
  await lab.runs.refresh();
}

export async function emptyTrash(): Promise<void> {
  const folders = runsFolders();
  const n = (await Promise.all(folders.map(listTrash))).flat().length;
  if (n === 0) {
    void notices.info('The trash is empty.');
    return;
  }
  const question = `Delete ${n === 1 ? 'one run' : `${n} runs`} in the trash for good?`;
  if ((await notices.ask(question, 'Delete')) !== 'Delete') return;
  await Promise.all(folders.map(purgeTrash));
}
