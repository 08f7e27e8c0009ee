import { readFile } from 'node:fs/promises';
import { sep } from 'node:path';
import { commands, EventEmitter, Uri, workspace } from 'vscode';
import type { Event } from 'vscode';
import type { Disposal } from '../disposal.ts';
import { experimentGlobs, runsFolders } from '../settings.ts';
import type { ExperimentSummary } from './experiment-summary.ts';
import { watchExperiments } from './watch-experiments.ts';

/** An experiment's file in the workspace. */
export interface ExperimentFile extends ExperimentSummary {
  readonly uri: Uri;
  readonly name: string;
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

export function openExperiments(): Experiments {
  const changed = new EventEmitter<void>();
  let found: Promise<readonly ExperimentFile[]> | undefined;
  let watching: Disposal | undefined;
  /** Of the experiments as they were last found. */
  let paths: readonly string[] = [];
  let settling: NodeJS.Timeout | undefined;

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

  async function find(): Promise<readonly ExperimentFile[]> {
    watch();
    const uris = await candidates();
    // Parsing YAML is needed only here, long after the editor has started.
    const [{ isExperimentText }, { experimentName, summarise }] = await Promise.all([
      import('../../config/parse-experiment.ts'),
      import('./experiment-summary.ts'),
    ]);
    const files = await Promise.all(
      uris.map(async (uri) => {
        const text = await readFile(uri.fsPath, 'utf8').catch(() => '');
        if (!isExperimentText(text)) return undefined;
        return { uri, name: experimentName(uri.fsPath), ...summarise(text) };
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
