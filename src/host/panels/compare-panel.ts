import { join } from 'node:path';
import * as vscode from 'vscode';
import { fillPanel } from './panel-host.ts';
import type { PanelActions, PanelContent } from './panel-host.ts';
import { keptComparison } from './panel-state.ts';
import { runsFolders } from '../settings.ts';
import { webviewOptions } from './webview-page.ts';
import type { PanelContext } from './webview-page.ts';

/** Also in the manifest, as `onWebviewPanel:esciLab.compare`. */
const VIEW_TYPE = 'esciLab.compare';

/** Opens a comparison of runs of a runs folder. */
export function openComparePanel(
  context: PanelContext,
  runsFolder: string,
  runIds: readonly string[],
  actions: PanelActions,
): void {
  const content = contentOf(runsFolder, runIds);
  const column = vscode.ViewColumn.Active;
  const panel = vscode.window.createWebviewPanel(VIEW_TYPE, content.title, column, webviewOptions(context));
  adopt(context, panel, content, actions);
}

/** Brings compare panels back after a window reload; disposing it ends that. */
export function restoreComparePanels(context: PanelContext, actions: PanelActions): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, {
    deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown) {
      const kept = keptComparison(state, runsFolders());
      if (kept !== undefined) adopt(context, panel, contentOf(kept.runsFolder, kept.runIds), actions);
      else panel.dispose();
      return Promise.resolve();
    },
  });
}

function adopt(context: PanelContext, panel: vscode.WebviewPanel, content: PanelContent, actions: PanelActions): void {
  fillPanel(context, panel, content, actions);
}

function contentOf(runsFolder: string, runIds: readonly string[]): PanelContent {
  return {
    script: 'compare',
    title: `Compare ${runIds.length} runs`,
    identity: { runsFolder, runIds },
    job: { kind: 'compare', runsFolder },
    runDirOf: (id = runIds[0] ?? '') => join(runsFolder, id),
  };
}
