/** Completion, hover, quick fixes and CodeLens of experiments: what src/config says, in the editor's own words. */
import { CodeAction, CodeActionKind, CodeLens, CompletionItem, CompletionItemKind, Hover, languages } from 'vscode';
import { MarkdownString, Range, WorkspaceEdit } from 'vscode';
import type { Disposable, TextDocument } from 'vscode';
import type { Completion } from '../../config/completions.ts';
import type { CommandId } from '../commands/table.ts';
import { experimentDocuments } from '../settings.ts';
import { configCode } from './config-code.ts';
import type { ExperimentProblems } from './diagnostics.ts';

const KINDS = {
  key: CompletionItemKind.Property,
  section: CompletionItemKind.Module,
  value: CompletionItemKind.Value,
} as const satisfies Record<Completion['kind'], CompletionItemKind>;

/** Registers all of them for the documents of the setting `esciLab.experimentFiles`. */
export function registerProviders(problems: ExperimentProblems): Disposable[] {
  const documents = experimentDocuments();
  return [
    languages.registerCompletionItemProvider(documents, { provideCompletionItems: complete }, ' ', ':', '-', '['),
    languages.registerHoverProvider(documents, { provideHover: hover }),
    languages.registerCodeActionsProvider(
      documents,
      { provideCodeActions: (document, range) => quickFixes(problems, document, range) },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
    languages.registerCodeLensProvider(documents, { provideCodeLenses: lenses }),
  ];
}

async function complete(document: TextDocument, position: Range['start']): Promise<CompletionItem[]> {
  const { completionsAt } = await configCode();
  const { start, end, items } = completionsAt(document.getText(), document.offsetAt(position));
  const range = new Range(document.positionAt(start), document.positionAt(end));
  return items.map((item, i) => {
    const completion = new CompletionItem({ label: item.label, description: item.detail }, KINDS[item.kind]);
    completion.insertText = item.insertText;
    completion.documentation = new MarkdownString(item.documentation);
    completion.range = range;
    // The order of the table of options, not the alphabet.
    completion.sortText = String(i).padStart(4, '0');
    if (item.kind !== 'value') completion.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
    return completion;
  });
}

async function hover(document: TextDocument, position: Range['start']): Promise<Hover | undefined> {
  const { hoverAt } = await configCode();
  const found = hoverAt(document.getText(), document.offsetAt(position));
  if (found === undefined) return undefined;
  const range = new Range(document.positionAt(found.start), document.positionAt(found.end));
  return new Hover(new MarkdownString(found.markdown), range);
}

function quickFixes(problems: ExperimentProblems, document: TextDocument, range: Range): CodeAction[] {
  return problems.of(document).flatMap(({ fix, start, end }) => {
    const place = new Range(document.positionAt(start), document.positionAt(Math.max(end, start + 1)));
    if (fix === undefined || place.intersection(range) === undefined) return [];
    const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
    action.edit = new WorkspaceEdit();
    const replaced = new Range(document.positionAt(fix.start), document.positionAt(fix.end));
    action.edit.replace(document.uri, replaced, fix.text);
    action.isPreferred = true;
    return [action];
  });
}

/** Above the first key: what can be done with the experiment. */
async function lenses(document: TextDocument): Promise<CodeLens[]> {
  const { isExperimentText } = await configCode();
  const text = document.getText();
  if (!isExperimentText(text)) return [];
  const at = document.positionAt(Math.max(0, text.search(/^[^#\s]/m)));
  const lens = (title: string, command: CommandId) =>
    new CodeLens(new Range(at, at), { title, command, arguments: [document.uri] });
  return [
    lens('$(play) Start', 'esciLab.startExperiment'),
    lens('$(search) Dry Run', 'esciLab.dryRun'),
    lens('$(beaker) Evaluate Model', 'esciLab.evaluateModel'),
  ];
}
