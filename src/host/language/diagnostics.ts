import { Diagnostic, DiagnosticSeverity, languages, Range, window, workspace } from 'vscode';
import type { TextDocument } from 'vscode';
import type { ConfigProblem } from '../../config/config-problem.ts';
import { disposeAll } from '../disposal.ts';
import type { Disposal } from '../disposal.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { experimentDocuments } from '../settings.ts';
import { configCode } from './config-code.ts';
import type { ExperimentFacts } from './run-facts.ts';
import { isInTab } from './tabs.ts';

/** Problems of the experiments that a tab shows, by document, as of their last check. */
export interface ExperimentProblems extends Disposal {
  of(document: TextDocument): readonly ConfigProblem[];
}

/** Typing is not interrupted by a check of each key. */
const PAUSE_MS = 150;

/** Shows the problems of experiments in tabs while they are written, and again once a run has read their data; none of those that were closed. */
export function showProblems(
  runs: LiveRuns,
  known: ExperimentFacts,
  onError: (error: unknown) => void,
): ExperimentProblems {
  const collection = languages.createDiagnosticCollection('esciLab');
  const problems = new WeakMap<TextDocument, readonly ConfigProblem[]>();
  const timers = new Map<TextDocument, NodeJS.Timeout>();

  function soon(document: TextDocument, pauseMs = PAUSE_MS): void {
    if (languages.match(experimentDocuments(), document) === 0) return;
    if (!isInTab(document.uri)) {
      forget(document);
      return;
    }
    clearTimeout(timers.get(document));
    timers.set(
      document,
      setTimeout(() => void check(document).catch(onError), pauseMs),
    );
  }

  async function check(document: TextDocument): Promise<void> {
    timers.delete(document);
    const [{ isExperimentText, parseExperiment }, facts] = await Promise.all([configCode(), known.of(document)]);
    if (document.isClosed || !isInTab(document.uri)) return;
    const text = document.getText();
    const found = isExperimentText(text) ? parseExperiment(text, document.fileName, facts).problems : [];
    problems.set(document, found);
    collection.set(
      document.uri,
      found.map((problem) => diagnosticOf(document, problem)),
    );
  }

  function forget(document: TextDocument): void {
    clearTimeout(timers.get(document));
    timers.delete(document);
    problems.delete(document);
    collection.delete(document.uri);
  }

  const checkAll = (): void => {
    for (const document of workspace.textDocuments) soon(document);
  };
  const all = disposeAll([
    collection,
    { dispose: runs.onDidChange(({ isList }) => isList && checkAll()) },
    workspace.onDidOpenTextDocument((document) => soon(document, 0)),
    workspace.onDidChangeTextDocument(({ document }) => soon(document)),
    workspace.onDidCloseTextDocument(forget),
    window.tabGroups.onDidChangeTabs(checkAll),
  ]);
  checkAll();
  return {
    of: (document) => problems.get(document) ?? [],
    dispose() {
      for (const timer of timers.values()) clearTimeout(timer);
      all.dispose();
    },
  };
}

function diagnosticOf(document: TextDocument, { start, end, message, severity, code }: ConfigProblem): Diagnostic {
  const range = new Range(document.positionAt(start), document.positionAt(Math.max(end, start + 1)));
  const level = severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
  const diagnostic = new Diagnostic(range, message, level);
  diagnostic.source = 'ESCI Lab';
  diagnostic.code = code;
  return diagnostic;
}
