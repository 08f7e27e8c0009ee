import {
  commands,
  Position,
  Range,
  Selection,
  TabInputCustom,
  TabInputText,
  Uri,
  ViewColumn,
  window,
  workspace,
  WorkspaceEdit,
} from 'vscode';
import type { TextDocument, WebviewPanel } from 'vscode';
import type { TextEdit } from '../../config/edit/text-edit.ts';
import type { FormCommand } from '../../protocol/panels/form-data.ts';
import { ProblemError } from '../../vocabulary/problem.ts';
import type { CommandId } from '../commands/table.ts';
import { disposeAll } from '../disposal.ts';
import type { Disposal } from '../disposal.ts';
import { experimentName } from '../../runs/experiment-name.ts';
import type { ExperimentFacts } from '../language/run-facts.ts';
import { showPage, webviewPort } from '../panels/webview-page.ts';
import type { PanelContext } from '../panels/webview-page.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import type { FormDocument } from './serve-form.ts';

/** Also in the manifest, under customEditors. */
export const FORM_VIEW_TYPE = 'esciLab.experimentForm';

/** Lets experiments be edited as a form: a custom editor over the same text document as the text editor's. */
export function registerForm(context: PanelContext, runs: LiveRuns, known: ExperimentFacts): Disposal {
  return window.registerCustomEditorProvider(
    FORM_VIEW_TYPE,
    {
      resolveCustomTextEditor: (document, panel) =>
        openForm(context, formDocument(document, runs, known), document, panel),
    },
    { supportsMultipleEditorsPerDocument: true, webviewOptions: { enableFindWidget: true } },
  );
}

async function openForm(
  context: PanelContext,
  form: FormDocument,
  { uri }: TextDocument,
  panel: WebviewPanel,
): Promise<void> {
  // Reading experiments' texts is no part of the editor's start.
  const { serveForm } = await import('./serve-form.ts');
  const server = serveForm(webviewPort(panel.webview), form);
  panel.onDidDispose(() => server.dispose());
  showPage(context, panel.webview, { script: 'form', title: form.name, identity: { uri: uri.toString() } });
}

function formDocument(document: TextDocument, runs: LiveRuns, known: ExperimentFacts): FormDocument {
  return {
    fileName: document.fileName,
    name: experimentName(document.fileName),
    getText: () => document.getText(),
    apply: (edits) => applyTo(document, edits),
    known: () => known.of(document),
    async save() {
      // Where it fails, the editor itself has said why.
      await document.save();
    },
    onDidChange(listener) {
      const changed = workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) listener();
      });
      const ends = runs.onDidChange(({ isList }) => isList && listener());
      return () => disposeAll([changed, { dispose: ends }]).dispose();
    },
    reveal: (line) => revealLine(document, line),
    async run(command) {
      await commands.executeCommand(COMMANDS[command], document.uri);
    },
  };
}

const COMMANDS = {
  start: 'esciLab.startExperiment',
  dryRun: 'esciLab.dryRun',
  openText: 'esciLab.openAsText',
} as const satisfies Record<FormCommand, CommandId>;

async function applyTo(document: TextDocument, edits: readonly TextEdit[]): Promise<void> {
  const change = new WorkspaceEdit();
  for (const { start, end, text } of edits) {
    change.replace(document.uri, new Range(document.positionAt(start), document.positionAt(end)), text);
  }
  if (await workspace.applyEdit(change)) return;
  throw new ProblemError({
    code: 'not-applied',
    message: 'The editor did not take the change: the file may be read-only.',
    where: document.fileName,
  });
}

/** In the text editor of the document that can be seen, else in a new one beside the form. */
async function revealLine(document: TextDocument, line: number): Promise<void> {
  const visible = window.visibleTextEditors.find((editor) => editor.document === document);
  const editor = await window.showTextDocument(document, visible?.viewColumn ?? ViewColumn.Beside);
  const at = new Position(Math.max(0, line - 1), 0);
  const end = document.lineAt(Math.min(at.line, document.lineCount - 1)).range.end;
  editor.selection = new Selection(end, end);
  editor.revealRange(new Range(at, at));
}

/** The file that the active tab shows, as a form or as text; undefined when it shows anything else. */
export function activeFile(): Uri | undefined {
  const input = window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof TabInputCustom || input instanceof TabInputText ? input.uri : undefined;
}
