import { commands, EventEmitter, Uri, workspace } from 'vscode';
import type { Disposal } from '../disposal.ts';
import { disposeAll } from '../disposal.ts';

const SCHEME = 'esci-dry-run';

/** Reports of dry runs as read-only documents, kept as long as their tabs. */
export interface ReportDocuments extends Disposal {
  /** Shows a report as rendered Markdown; a later one of the same experiment takes its place. */
  show(experimentFile: string, name: string, markdown: string): Promise<void>;
}

export function openReportDocuments(): ReportDocuments {
  const texts = new Map<string, string>();
  const changed = new EventEmitter<Uri>();
  const all = disposeAll([
    changed,
    workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? 'This dry run is over. Start it again.',
    }),
    workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  ]);
  return {
    dispose: () => all.dispose(),
    async show(experimentFile, name, markdown) {
      const uri = Uri.from({ scheme: SCHEME, path: `/Dry run of ${name}.md`, query: experimentFile });
      texts.set(uri.toString(), markdown);
      changed.fire(uri);
      await commands.executeCommand('markdown.showPreview', uri);
    },
  };
}
