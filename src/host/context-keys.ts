import { commands } from 'vscode';
import { isOver } from '../vocabulary/status.ts';
import { isReadable } from './runs/live-run.ts';
import type { LiveRuns } from './runs/live-runs.ts';

/** Keeps the keys that `when` clauses of package.json ask for. Gives the way to end that. */
export function keepContextKeys(runs: LiveRuns): () => void {
  const told = new Map<string, boolean>();

  function tell(key: string, value: boolean): void {
    if (told.get(key) === value) return;
    told.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }

  function update(): void {
    const readable = runs.runs.filter(isReadable);
    tell('esciLab.isReady', true);
    tell('esciLab.hasRuns', readable.length > 0);
    tell('esciLab.hasRunsToCompare', readable.length > 1);
    tell('esciLab.hasBaseline', runs.baseline !== undefined);
    tell(
      'esciLab.hasActiveRuns',
      readable.some(({ run }) => !isOver(run.status)),
    );
  }
  return runs.onDidChange(({ isList }) => isList && update());
}
