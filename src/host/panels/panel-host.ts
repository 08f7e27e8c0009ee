import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { PANEL_ACTIONS } from '../../protocol/panels/actions.ts';
import type { PanelActionCalls, RunAction } from '../../protocol/panels/actions.ts';
import { apiOf, isCall, openServer } from '../../protocol/rpc.ts';
import type { Handlers, Port } from '../../protocol/rpc.ts';
import { panelHtml } from './panel-html.ts';
import type { PanelJob } from './panel-job.ts';

/** What panels ask the rest of the extension to do. Failures reject with `ProblemError` and show in the panel. */
export interface PanelActions {
  readonly act: (action: RunAction, runDir: string) => Promise<void>;
  /** Opens the experiments of two runs in the native diff editor. */
  readonly diff: (runDirs: readonly string[]) => Promise<void>;
}

/** The parts of the extension's context that panels use. */
export type PanelContext = Pick<vscode.ExtensionContext, 'extensionUri'>;

export interface PanelContent {
  readonly script: 'run' | 'compare';
  readonly title: string;
  /** Kept by the editor; what opens the same panel again after a reload. */
  readonly identity: object;
  readonly job: PanelJob;
  /** Folder of the run that an action is about. */
  readonly runDirOf: (runId: string | undefined) => string;
}

/** The options of every panel's webview: scripts, and files from its own folder only. */
export function webviewOptions(context: PanelContext): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview')] };
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
  worker.on('error', (error) => void vscode.window.showErrorMessage(`${content.title}: ${error.message}`));

  const port: Port = {
    post: (message) => void webview.postMessage(message),
    listen(listener) {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => void subscription.dispose();
    },
  };
  const server = openServer(port, PANEL_ACTIONS, handlersOf(content, actions));
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

  const uriOf = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview', name)).toString();
  webview.options = webviewOptions(context);
  webview.html = panelHtml({
    title: content.title,
    scriptUri: uriOf(`${content.script}.js`),
    styleUri: uriOf(`${content.script}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    identity: content.identity,
  });
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
        folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) },
      );
      if (uri === undefined) return { isSaved: false };
      await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? Buffer.from(content) : content);
      return { isSaved: true };
    },
  };
}
