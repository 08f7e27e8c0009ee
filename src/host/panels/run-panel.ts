import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { fillPanel } from './panel-host.ts';
import type { PanelActions, PanelContent } from './panel-host.ts';
import { keptRun } from './panel-state.ts';
import { runsFolders } from '../settings.ts';
import { webviewOptions } from './webview-page.ts';
import type { PanelContext } from './webview-page.ts';

/** Also in the manifest, as `onWebviewPanel:esciLab.run`. */
const VIEW_TYPE = 'esciLab.run';

/** The open panels of each context, by run folder: a run has one. */
const openPanels = new WeakMap<PanelContext, Map<string, vscode.WebviewPanel>>();

/** Shows the panel of a run; the one that is open already comes to the front. It gets the keyboard unless that stays where it is. */
export function openRunPanel(context: PanelContext, runDir: string, actions: PanelActions, keepsFocus = false): void {
  const existing = openPanels.get(context)?.get(runDir);
  if (existing !== undefined) {
    existing.reveal(undefined, keepsFocus);
    return;
  }
  const content = contentOf(runDir, actions);
  const column = { viewColumn: vscode.ViewColumn.Active, preserveFocus: keepsFocus };
  const panel = vscode.window.createWebviewPanel(VIEW_TYPE, content.title, column, webviewOptions(context));
  adopt(context, panel, runDir, actions);
}

/** Brings run panels back after a window reload; disposing it ends that. */
export function restoreRunPanels(context: PanelContext, actions: PanelActions): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown) {
      const runDir = keptRun(state, runsFolders());
      const other = openPanels.get(context)?.get(runDir ?? '');
      // A tab in the background is restored when it is looked at; its run may have been opened again before that.
      other?.reveal();
      // Of an earlier version, or of a folder that is not this workspace's any more: nothing to show.
      if (runDir !== undefined && other === undefined) adopt(context, panel, runDir, actions);
      else panel.dispose();
      return Promise.resolve();
    },
  });
}

/** Gives the open panels the names that their runs have now. */
export function nameRunPanels(context: PanelContext, { nameOf }: PanelActions): void {
  for (const [runDir, panel] of openPanels.get(context) ?? []) {
    const name = nameOf(runDir);
    if (name !== undefined && name !== panel.title) panel.title = name;
  }
}

function adopt(context: PanelContext, panel: vscode.WebviewPanel, runDir: string, actions: PanelActions): void {
  const panels = openPanels.get(context) ?? new Map<string, vscode.WebviewPanel>();
  openPanels.set(context, panels.set(runDir, panel));
  panel.onDidDispose(() => panels.delete(runDir));
  fillPanel(context, panel, contentOf(runDir, actions), actions);
}

function contentOf(runDir: string, { nameOf }: PanelActions): PanelContent {
  // yyyymmdd-hhmmss-name-hex
  const title = nameOf(runDir) ?? (basename(runDir).split('-').slice(2, -1).join('-') || basename(runDir));
  const runDirOf = (runId: string | undefined) => (runId === undefined ? runDir : join(dirname(runDir), runId));
  return { script: 'run', title, identity: { runDir }, job: { kind: 'run', runDir }, runDirOf };
}
