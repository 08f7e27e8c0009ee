import { TabInputCustom, TabInputText, TabInputTextDiff, window } from 'vscode';
import type { Tab, Uri } from 'vscode';

/** Whether a tab shows the file, as text, as a form or in a comparison. Code keeps files open that no tab shows any more. */
export function isInTab(uri: Uri): boolean {
  const wanted = uri.toString();
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some((tab) => filesOf(tab).some((file) => file.toString() === wanted)),
  );
}

function filesOf({ input }: Tab): readonly Uri[] {
  if (input instanceof TabInputText || input instanceof TabInputCustom) return [input.uri];
  return input instanceof TabInputTextDiff ? [input.original, input.modified] : [];
}
