import { commands, EventEmitter, Uri, window, workspace } from 'vscode';
import type { Disposal } from './disposal.ts';
import { disposeAll } from './disposal.ts';

const SCHEME = 'esci-report';

/** What a read-only document shows. */
export interface ReportDocument {
  /** Title of its tab, with the ending that tells its language; a title in Markdown is shown rendered. */
  readonly title: string;
  /** What it is about, for example a path: a later one of the same title about the same takes its place. */
  readonly about: string;
  readonly text: string;
}

/** Texts of the extension as read-only documents, kept as long as their tabs. */
export interface ReportDocuments extends Disposal {
  show(report: ReportDocument): Promise<void>;
}

export function openReportDocuments(): ReportDocuments {
  const texts = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  const all = disposeAll([
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? 'This report is over. Ask for it again.',
    }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ]);
  return {
    dispose: () => all.dispose(),
    async show({ title, about, text }) {
      const uri = Uri.from({ scheme: SCHEME, path: `/${title}`, query: about });
      texts.set(uri.toString(), text);
      changed.fire(uri);
      if (title.endsWith('.md')) await commands.executeCommand('markdown.showPreview', uri);
      else await window.showTextDocument(uri, { preview: false });
    },
  };
}
