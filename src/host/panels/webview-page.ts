import { randomBytes } from 'node:crypto';
import { Uri } from 'vscode';
import type { ExtensionContext, Webview, WebviewOptions } from 'vscode';
import type { Port } from '../../protocol/rpc.ts';
import { panelHtml } from './panel-html.ts';

/** The parts of the extension's context that panels use. */
export type PanelContext = Pick<ExtensionContext, 'extensionUri'>;

/** Which page a webview shows. */
export interface WebviewPage {
  /** Name of its script and style in dist/webview. */
  readonly script: 'run' | 'compare' | 'form';
  readonly title: string;
  /** Kept by the editor; what opens the same panel again after a reload. */
  readonly identity: object;
}

/** The options of every panel's webview: scripts, and files from its own folder only. */
export function webviewOptions(context: PanelContext): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [Uri.joinPath(context.extensionUri, 'dist', 'webview')] };
}

/** Messages to and from the page of a webview. */
export function webviewPort(webview: Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    listen(listener) {
      const subscription = webview.onDidReceiveMessage(listener);
      return () => void subscription.dispose();
    },
  };
}

/** Loads the page into a webview; whoever answers its messages has to listen before. */
export function showPage(context: PanelContext, webview: Webview, { script, title, identity }: WebviewPage): void {
  const uriOf = (name: string) =>
    webview.asWebviewUri(Uri.joinPath(context.extensionUri, 'dist', 'webview', name)).toString();
  webview.options = webviewOptions(context);
  webview.html = panelHtml({
    title,
    scriptUri: uriOf(`${script}.js`),
    styleUri: uriOf(`${script}.css`),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    identity,
  });
}
