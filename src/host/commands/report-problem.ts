import { dirname, join } from 'node:path';
import { env, Uri, version as editorVersion, window, workspace } from 'vscode';
import { writeFileAtomic } from '../../files/write-file.ts';
import type { Lab } from '../lab.ts';
import { notices } from '../notices.ts';
import { SETTINGS } from '../setting-defaults.ts';
import { givenRuns, targetRun } from './targets.ts';
import type { CommandArgs } from './targets.ts';

const SAVE = 'Save…';
const SAVE_DIALOG = { title: 'Problem Report', saveLabel: 'Save Report', filters: { Zip: ['zip'] } };

/** Shows all that a problem report of a run would hold, and writes it as a zip if the person says so. */
export async function reportProblem(lab: Lab, args: CommandArgs): Promise<void> {
  // Also one that cannot be read: it is what one reports first.
  const live = givenRuns(lab, args)[0] ?? (await targetRun(lab, [], 'Run that has a problem'));
  if (live === undefined) return;
  const { runDir } = live.run;
  const folder = workspace.getWorkspaceFolder(Uri.file(runDir))?.uri.fsPath ?? dirname(live.runsFolder);
  const [{ collectReport, previewText }, { zipReport }] = await Promise.all([
    import('../../runs/bug-report/collect.ts'),
    import('../../runs/bug-report/zip.ts'),
  ]);
  const reporter = {
    app: 'editor',
    version: lab.version,
    editorVersion,
    isRemote: env.remoteName !== undefined,
    settings: reportableSettings(),
  } as const;
  const report = await collectReport(runDir, reporter, folder);
  await lab.reports.show({ title: `${report.fileName}.txt`, about: runDir, text: previewText(report) });
  const message = 'Nothing has been written yet. The document shows all that the report would hold.';
  if ((await notices.info(message, SAVE, 'Cancel')) !== SAVE) return;
  const defaultUri = Uri.file(join(folder, report.fileName));
  const uri = await window.showSaveDialog({ ...SAVE_DIALOG, defaultUri });
  if (uri === undefined) return;
  await writeFileAtomic(uri.fsPath, zipReport(report));
  void notices.info(`Saved ${uri.fsPath}. Attach it where you tell of the problem.`);
}

/** Numbers as they are; of all else, which may name folders, whether it was changed. */
function reportableSettings(): Record<string, number | boolean> {
  const settings = workspace.getConfiguration('esciLab');
  const entries = Object.entries(SETTINGS).map(([name, usual]) => {
    const value = settings.get<unknown>(name, usual);
    if (typeof value === 'number') return [name, value];
    return [`${name} is changed`, JSON.stringify(value) !== JSON.stringify(usual)];
  });
  return Object.fromEntries(entries) as Record<string, number | boolean>;
}
