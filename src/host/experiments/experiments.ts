import { stat } from 'node:fs/promises';
import { sep } from 'node:path';
import { commands, EventEmitter, Uri, workspace } from 'vscode';
import type { Event } from 'vscode';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { Disposal } from '../disposal.ts';
import { experimentGlobs, runsFolders } from '../settings.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import type { ExperimentReader } from './experiment-reader.ts';
import type { ExperimentSummary } from './experiment-summary.ts';
import { watchExperiments } from './watch-experiments.ts';

/** An experiment's file in the workspace. */
export interface ExperimentFile extends ExperimentSummary {
  readonly uri: Uri;
  readonly name: string;
  /** Why the file could not be read; it may be no experiment then. */
  readonly problem?: string;
}

/** The experiments of the workspace, found when first asked for and kept up to date from then on. */
export interface Experiments extends Disposal {
  /** By path. */
  list(): Promise<readonly ExperimentFile[]>;
  readonly onDidChange: Event<void>;
}

/** Most files that are looked at: a workspace whose globs match more has globs that are too wide. */
const MAX_FILES = 2000;
const SETTLE_MS = 200;

/** Files are read by `reader`, again only once they have changed. */
export function openExperiments(reader: ExperimentReader): Experiments {
  const changed = new EventEmitter<void>();
  let found: Promise<readonly ExperimentFile[]> | undefined;
  let watching: Disposal | undefined;
  /** Of the experiments as they were last found. */
  let paths: readonly string[] = [];
  let settling: NodeJS.Timeout | undefined;
  /** By path, what a file held when it had this stamp. */
  const read = new Map<string, { readonly stamp: string; readonly summary: Promise<Summary> }>();

  function watch(): void {
    watching ??= watchExperiments((path) => paths.some((file) => file.startsWith(path + sep)), soon);
  }

  function soon(): void {
    found = undefined;
    settling ??= setTimeout(() => {
      settling = undefined;
      changed.fire();
    }, SETTLE_MS);
  }

  function forget(): void {
    watching?.dispose();
    watching = undefined;
    soon();
  }

  const subscriptions = [
    workspace.onDidChangeWorkspaceFolders(forget),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('esciLab') && forget()),
  ];

  /** A file that took too long is not tried again with each change of another. */
  async function summaryOf(path: string): Promise<Summary> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true) return undefined;
    const stamp = `${found.mtimeMs} ${found.size}`;
    const cached = read.get(path);
    if (cached?.stamp === stamp) return cached.summary;
    const summary = reader.read('summary', path).catch(asProblem);
    read.set(path, { stamp, summary });
    return summary;
  }

  async function find(): Promise<readonly ExperimentFile[]> {
    watch();
    const uris = await candidates();
    const files = await Promise.all(
      uris.map(async (uri) => {
        const summary = await summaryOf(uri.fsPath);
        return summary && { uri, name: experimentName(uri.fsPath), ...summary };
      }),
    );
    const experiments = files.filter((file) => file !== undefined);
    paths = experiments.map(({ uri }) => uri.fsPath);
    // Menus of the explorer and of editors ask for it.
    void commands.executeCommand(
      'setContext',
      'esciLab.experimentPaths',
      experiments.map(({ uri }) => uri.path),
    );
    void commands.executeCommand('setContext', 'esciLab.hasNoExperiment', experiments.length === 0);
    return experiments;
  }

  return {
    list: () => (found ??= find()),
    onDidChange: changed.event,
    dispose() {
      clearTimeout(settling);
      watching?.dispose();
      for (const item of [...subscriptions, changed]) item.dispose();
    },
  };
}

type Summary = (ExperimentSummary & { readonly problem?: string }) | undefined;

function asProblem(error: unknown): Summary {
  if (!(error instanceof ProblemError)) throw error;
  const { message } = error.problem;
  return { model: '', data: '', settings: message, problem: message };
}

async function candidates(): Promise<Uri[]> {
  const found = await Promise.all(
    experimentGlobs().map((glob) => workspace.findFiles(glob, '**/{node_modules,.git,.cache}/**', MAX_FILES)),
  );
  const excluded = runsFolders().map((folder) => Uri.file(folder).toString() + '/');
  const byUri = new Map(found.flat().map((uri) => [uri.toString(), uri]));
  return [...byUri.values()]
    .filter((uri) => uri.scheme === 'file' && !excluded.some((folder) => uri.toString().startsWith(folder)))
    .sort((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
}
