/** Completion, hover, quick fixes and outline of experiments: what src/config says, in the editor's own words. */
import {
  CodeAction,
  CodeActionKind,
  CompletionItem,
  CompletionItemKind,
  DocumentSymbol,
  Hover,
  languages,
} from 'vscode';
import { MarkdownString, Range, SymbolKind, WorkspaceEdit } from 'vscode';
import type { CodeActionContext, TextDocument } from 'vscode';
import type { Completion } from '../../config/language/completions.ts';
import type { ConfigProblem } from '../../config/config-problem.ts';
import type { OutlineEntry } from '../../config/language/outline.ts';
import type { Disposal } from '../disposal.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { experimentDocuments } from '../settings.ts';
import { configCode } from './config-code.ts';
import type { ExperimentProblems } from './diagnostics.ts';
import type { ExperimentFacts } from './run-facts.ts';
import { openLenses } from './lenses.ts';

const KINDS = {
  key: CompletionItemKind.Property,
  section: CompletionItemKind.Module,
  value: CompletionItemKind.Value,
} as const satisfies Record<Completion['kind'], CompletionItemKind>;

const SYMBOLS = {
  section: SymbolKind.Module,
  list: SymbolKind.Array,
  text: SymbolKind.String,
  number: SymbolKind.Number,
  flag: SymbolKind.Boolean,
  nothing: SymbolKind.Null,
} as const satisfies Record<OutlineEntry['kind'], SymbolKind>;

/** Registers all of them for the documents of the setting `esciLab.experimentFiles`. */
export function registerProviders(problems: ExperimentProblems, runs: LiveRuns, known: ExperimentFacts): Disposal[] {
  const documents = experimentDocuments();
  const lenses = openLenses(runs);
  return [
    languages.registerCompletionItemProvider(
      documents,
      { provideCompletionItems: (document, position) => complete(document, position, known) },
      ...[' ', ':', '-', '['],
    ),
    languages.registerHoverProvider(documents, { provideHover: hover }),
    languages.registerCodeActionsProvider(
      documents,
      { provideCodeActions: (document, range, context) => quickFixes(problems.of(document), document, range, context) },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
    languages.registerDocumentSymbolProvider(documents, { provideDocumentSymbols: outline }, { label: 'Experiment' }),
    lenses,
    languages.registerCodeLensProvider(documents, lenses),
  ];
}

async function complete(
  document: TextDocument,
  position: Range['start'],
  known: ExperimentFacts,
): Promise<CompletionItem[]> {
  const [{ completionsAt }, facts] = await Promise.all([configCode(), known.of(document)]);
  const { start, end, items } = completionsAt(document.getText(), document.offsetAt(position), facts);
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

async function outline(document: TextDocument): Promise<DocumentSymbol[]> {
  const { isExperimentText, outlineOf } = await configCode();
  const text = document.getText();
  return isExperimentText(text) ? outlineOf(text).map((entry) => symbolOf(document, entry)) : [];
}

function symbolOf(document: TextDocument, entry: OutlineEntry): DocumentSymbol {
  const range = new Range(document.positionAt(entry.start), document.positionAt(entry.end));
  const name = new Range(document.positionAt(entry.nameStart), document.positionAt(entry.nameEnd));
  const symbol = new DocumentSymbol(entry.name, entry.detail, SYMBOLS[entry.kind], range, name);
  symbol.children = entry.children.map((child) => symbolOf(document, child));
  return symbol;
}

function quickFixes(
  problems: readonly ConfigProblem[],
  document: TextDocument,
  range: Range,
  { diagnostics }: CodeActionContext,
): CodeAction[] {
  return problems.flatMap(({ fix, start, end }) => {
    const place = new Range(document.positionAt(start), document.positionAt(Math.max(end, start + 1)));
    if (fix === undefined || place.intersection(range) === undefined) return [];
    const action = new CodeAction(fix.title, CodeActionKind.QuickFix);
    action.edit = new WorkspaceEdit();
    const replaced = new Range(document.positionAt(fix.start), document.positionAt(fix.end));
    action.edit.replace(document.uri, replaced, fix.text);
    action.isPreferred = true;
    // The problems view offers the fixes that name their diagnostic.
    action.diagnostics = diagnostics.filter((diagnostic) => diagnostic.range.isEqual(place));
    return [action];
  });
}
