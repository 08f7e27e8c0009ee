import { basename } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { PANEL_ACTIONS } from '../../protocol/panels/actions.ts';
import type { PanelActionCalls, RunAction } from '../../protocol/panels/actions.ts';
import { apiOf, isCall, openServer } from '../../protocol/rpc.ts';
import type { Handlers } from '../../protocol/rpc.ts';
import { notices } from '../notices.ts';
import type { PanelJob } from './panel-job.ts';
import { showPage, webviewPort } from './webview-page.ts';
import type { PanelContext, WebviewPage } from './webview-page.ts';

/** What panels ask the rest of the extension to do. Failures reject with `ProblemError` and show in the panel. */
export interface PanelActions {
  readonly act: (action: RunAction, runDir: string) => Promise<void>;
  /** Opens the experiments of two runs in the native diff editor. */
  readonly diff: (runDirs: readonly string[]) => Promise<void>;
  /** The name that lists show for a run; undefined while it is not known. */
  readonly nameOf: (runDir: string) => string | undefined;
}

export interface PanelContent extends WebviewPage {
  readonly job: PanelJob;
  /** Folder of the run that an action is about; the id is checked by the contract, so that it stays in the runs folder. */
  readonly runDirOf: (runId: string | undefined) => string;
}

/**
 * Fills a webview panel: its page, a worker that reads the run folders, and between the two nothing but messages; what only the
 * editor can do is answered here. Everything ends with the panel.
 */
export function fillPanel(
  context: PanelContext,
  panel: vscode.WebviewPanel,
  content: PanelContent,
  actions: PanelActions,
): void {
  const { webview } = panel;
  const worker = new Worker(vscode.Uri.joinPath(context.extensionUri, 'dist', 'panel-worker.js').fsPath, {
    workerData: content.job,
  });
  worker.on('message', (message: unknown) => void webview.postMessage(message));
  worker.on('error', (error) => void notices.error(`${content.title}: ${error.message}`));

  const server = openServer(webviewPort(webview), PANEL_ACTIONS, handlersOf(content, actions));
  const relay = webview.onDidReceiveMessage((message: unknown) => {
    const api = apiOf(message);
    if (api === undefined || api === PANEL_ACTIONS.api) return;
    worker.postMessage(message);
    // A step of the walkthrough.
    if (isCall(message, 'ranking')) void vscode.commands.executeCommand('setContext', 'esciLab.hasReadRanking', true);
  });
  panel.onDidDispose(() => {
    relay.dispose();
    server.dispose();
    void worker.terminate();
  });

  showPage(context, webview, content);
}

function handlersOf({ runDirOf }: PanelContent, actions: PanelActions): Handlers<PanelActionCalls> {
  return {
    async act({ action, runId }) {
      await actions.act(action, runDirOf(runId));
      return {};
    },
    async diff({ runIds }) {
      await actions.diff(runIds.map(runDirOf));
      return {};
    },
    async save({ name, content }) {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
      const uri = await vscode.window.showSaveDialog(
        folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, basename(name)) },
      );
      if (uri === undefined) return { isSaved: false };
      await vscode.workspace.fs.writeFile(uri, content);
      return { isSaved: true };
    },
  };
}
