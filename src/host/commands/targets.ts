/** Which runs or experiments a command is about: the rows it was called on, else what the person picks. */
import { Uri, window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Lab } from '../lab.ts';
import { isReadable } from '../runs/live-run.ts';
import type { LiveRun, ReadableRun } from '../runs/live-run.ts';
import { pickExperiment } from './pick-experiment.ts';
import type { OtherAction } from './pick-experiment.ts';
import { runItem } from '../views/run-item.ts';
import { notices } from '../notices.ts';
import { plainLabel } from '../plain-text.ts';

/** What menus, key bindings and other commands give to a command: a row and all selected rows, a path, or nothing. */
export type CommandArgs = readonly unknown[];

/** First argument in the key bindings of package.json: the rows that are selected in the runs tree. */
const SELECTION = 'selection';

/** Second argument of a click on a row: the tree keeps the keyboard, so that its keys are about the row. */
export const CLICK = 'click';

const NOTHING_FITS = 'There is no run for which this can be done.';

/** The runs that a command was called on; asks for one of those that `fits` when it was called on none. */
export async function targetRuns(
  lab: Lab,
  args: CommandArgs,
  placeHolder: string,
  fits: (run: ReadableRun) => boolean = () => true,
): Promise<readonly ReadableRun[]> {
  const given = givenRuns(lab, args).filter(isReadable);
  if (given.length > 0) return fitting(lab, given, fits);
  const picked = await pickRuns(lab, lab.runs.runs.filter(isReadable).filter(fits), { placeHolder, isMany: false });
  return picked ?? [];
}

/** Those of the given runs that fit. A person may have seen more than the list tells yet: it is read again before a no. */
async function fitting(
  lab: Lab,
  given: readonly ReadableRun[],
  fits: (run: ReadableRun) => boolean,
): Promise<readonly ReadableRun[]> {
  if (given.every(fits)) return given;
  await lab.runs.refresh();
  const now = given.flatMap(({ run }) => lab.runs.get(run.runDir) ?? []).filter(isReadable);
  const fit = now.filter(fits);
  if (fit.length === 0) void notices.info(NOTHING_FITS);
  return fit;
}

/** As `targetRuns`, for commands about one run. */
export async function targetRun(
  lab: Lab,
  args: CommandArgs,
  placeHolder: string,
  fits?: (run: ReadableRun) => boolean,
): Promise<ReadableRun | undefined> {
  return (await targetRuns(lab, args.slice(0, 1), placeHolder, fits))[0];
}

/** Runs that a command was called on, those that cannot be read included; none when it was called on none. */
export function givenRuns(lab: Lab, [first, selected]: CommandArgs): readonly LiveRun[] {
  if (first === SELECTION) return lab.selectedRunDirs().flatMap((runDir) => lab.runs.get(runDir) ?? []);
  const dirs = (Array.isArray(selected) && selected.length > 0 ? selected : [first]).flatMap(
    (arg) => runDirOf(arg) ?? [],
  );
  return dirs.flatMap((runDir) => lab.runs.get(runDir) ?? []);
}

function runDirOf(arg: unknown): string | undefined {
  if (typeof arg === 'string') return arg;
  const isRow = typeof arg === 'object' && arg !== null && 'runDir' in arg;
  return isRow && typeof arg.runDir === 'string' ? arg.runDir : undefined;
}

/** Lets a person pick runs; undefined when that was given up or there is none to pick. */
export async function pickRuns(
  lab: Lab,
  among: readonly ReadableRun[],
  { placeHolder, isMany }: { placeHolder: string; isMany: boolean },
): Promise<readonly ReadableRun[] | undefined> {
  if (among.length === 0) {
    void notices.info(NOTHING_FITS);
    return undefined;
  }
  const items = among.map((live): QuickPickItem & { live: ReadableRun } => {
    const context = { baseline: lab.runs.baseline?.run, placeInQueue: undefined, isStopping: false, now: Date.now() };
    const { label, description, icon } = runItem(live, context);
    return {
      label: `$(${icon}) ${plainLabel(label)}`,
      description: plainLabel(description),
      detail: plainLabel(live.run.id),
      live,
    };
  });
  const options = { placeHolder, matchOnDescription: true, matchOnDetail: true };
  if (isMany) {
    const picked = await window.showQuickPick(items, { ...options, canPickMany: true });
    return picked?.map(({ live }) => live);
  }
  const picked = await window.showQuickPick(items, options);
  return picked === undefined ? undefined : [picked.live];
}

/** The file of the experiment that a command was called on: a row, a file of the explorer, an editor's; else the one picked. */
export async function targetExperiment(
  lab: Lab,
  [first]: CommandArgs,
  placeHolder: string,
  other?: OtherAction,
): Promise<Uri | undefined> {
  const given = uriOf(first);
  if (given !== undefined) return given;
  const files = await lab.experiments.list();
  if (files.length === 0) {
    void notices.info('This workspace has no experiment yet. “New Experiment…” makes one.');
    return undefined;
  }
  return await pickExperiment(lab, files, placeHolder, other);
}

function uriOf(arg: unknown): Uri | undefined {
  if (arg instanceof Uri) return arg;
  const isRow = typeof arg === 'object' && arg !== null && 'uri' in arg;
  return isRow && arg.uri instanceof Uri ? arg.uri : undefined;
}
