import { workspace } from 'vscode';
import { disposeAll } from '../disposal.ts';
import type { Disposal } from '../disposal.ts';
import type { LiveRuns } from '../runs/live-runs.ts';
import { showProblems } from './diagnostics.ts';
import type { ExperimentFacts } from './run-facts.ts';
import { registerProviders } from './providers.ts';

/** Problems, completion, hover, quick fixes, outline and CodeLens of experiments, also after the setting of their places changed. */
export function registerLanguage(runs: LiveRuns, known: ExperimentFacts, onError: (error: unknown) => void): Disposal {
  const problems = showProblems(runs, known, onError);
  let providers = disposeAll(registerProviders(problems, runs, known));
  const renew = (): void => {
    providers.dispose();
    providers = disposeAll(registerProviders(problems, runs, known));
  };
  const changes = [
    workspace.onDidChangeWorkspaceFolders(renew),
    workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('esciLab.experimentFiles') && renew()),
  ];
  return disposeAll([problems, { dispose: () => providers.dispose() }, ...changes]);
}
