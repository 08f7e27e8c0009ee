import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { RelativePattern, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { disposeAll } from '../disposal.ts';
import type { Disposal } from '../disposal.ts';
import { experimentGlobs, runsFolders } from '../settings.ts';

/** Folders that change all the time and hold no experiment. */
const OTHERS = /[\\/](?:node_modules|\.git|\.cache)(?:[\\/]|$)/;

/**
 * Calls `onChange` when a file of the workspace that may be an experiment appears, changes or goes, also with a whole folder.
 * `hasBelow` tells whether a path that is gone held an experiment.
 */
export function watchExperiments(hasBelow: (path: string) => boolean, onChange: () => void): Disposal {
  const runs = runsFolders();
  const isOther = (path: string): boolean =>
    OTHERS.test(path) || runs.some((folder) => path === folder || path.startsWith(folder + sep));

  async function onCreate({ fsPath }: Uri): Promise<void> {
    if (isOther(fsPath)) return;
    const made = await stat(fsPath).catch(() => undefined);
    if (made?.isDirectory() === true) onChange();
  }

  const ofFiles = (folder: Uri) =>
    experimentGlobs().map((glob) => {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, glob));
      return disposeAll([
        watcher,
        watcher.onDidCreate(onChange),
        watcher.onDidChange(onChange),
        watcher.onDidDelete(onChange),
      ]);
    });
  // Of a folder that is moved or deleted the editor tells the folder alone, and no glob of files matches that.
  const ofFolders = (folder: Uri) => {
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '**'), false, true, false);
    return disposeAll([
      watcher,
      watcher.onDidCreate((uri) => void onCreate(uri)),
      watcher.onDidDelete(({ fsPath }) => hasBelow(fsPath) && onChange()),
    ]);
  };
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return disposeAll(folders.flatMap((folder) => [...ofFiles(folder), ofFolders(folder)]));
}
