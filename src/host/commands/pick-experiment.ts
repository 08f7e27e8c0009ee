import { ThemeIcon, window, workspace } from 'vscode';
import type { Uri } from 'vscode';
import type { ExperimentFile } from '../experiments/experiments.ts';
import type { Lab } from '../lab.ts';
import { plainLabel } from '../plain-text.ts';
import { describeExperiment, lastRunOf, shortName } from '../views/experiments-tree.ts';

/** What a row's button does in place of what picking the row does. */
export interface OtherAction {
  /** Name of a codicon. */
  readonly icon: string;
  readonly tooltip: string;
  readonly act: (uri: Uri) => void;
}

/** Lets a person pick an experiment of the workspace; undefined when that was given up, or the button was pressed. */
export async function pickExperiment(
  lab: Lab,
  files: readonly ExperimentFile[],
  placeHolder: string,
  other?: OtherAction,
): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document.uri.toString();
  const items = files.map((file) => pickOf(lab, file, other));
  // The experiment in the editor is most likely the one that is meant, then the one that ran last.
  const rank = ({ file, lastAt }: (typeof items)[number]) => (file.uri.toString() === active ? Infinity : lastAt);
  items.sort((a, b) => rank(b) - rank(a));
  const pick = window.createQuickPick<(typeof items)[number]>();
  Object.assign(pick, { items, placeholder: placeHolder, matchOnDescription: true, matchOnDetail: true });
  try {
    return await new Promise<Uri | undefined>((done) => {
      pick.onDidAccept(() => done(pick.selectedItems[0]?.file.uri));
      pick.onDidTriggerItemButton(({ item }) => {
        done(undefined);
        other?.act(item.file.uri);
      });
      pick.onDidHide(() => done(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function pickOf(lab: Lab, file: ExperimentFile, other: OtherAction | undefined) {
  const last = lastRunOf(lab.runs, file);
  return {
    label: `$(beaker) ${plainLabel(file.name)}`,
    description: last === undefined ? '' : plainLabel(describeExperiment(file, last)),
    detail: plainLabel(
      `${shortName(file.model)} on ${shortName(file.data)} · ${file.settings} · ${workspace.asRelativePath(file.uri)}`,
    ),
    buttons: other === undefined ? [] : [{ iconPath: new ThemeIcon(other.icon), tooltip: other.tooltip }],
    file,
    lastAt: last?.run.record.createdAt ?? 0,
  };
}
