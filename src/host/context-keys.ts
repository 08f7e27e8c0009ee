import { commands } from 'vscode';
import { isOver } from '../vocabulary/status.ts';
import { isReadable } from './runs/live-run.ts';
import type { LiveRuns } from './runs/live-runs.ts';

/** Keeps the keys that `when` clauses of package.json ask for. Gives the way to end that. */
export function keepContextKeys(runs: LiveRuns): () => void {
  const values = new Map<string, boolean>();

  function setKey(key: string, value: boolean): void {
    if (values.get(key) === value) return;
    values.set(key, value);
    void commands.executeCommand('setContext', key, value);
  }

  function update(): void {
    const readable = runs.runs.filter(isReadable);
    setKey('esciLab.isReady', true);
    setKey('esciLab.hasRuns', readable.length > 0);
    setKey('esciLab.hasRunsToCompare', readable.length > 1);
    setKey('esciLab.hasBaseline', runs.baseline !== undefined);
    setKey(
      'esciLab.hasActiveRuns',
      readable.some(({ run }) => !isOver(run.status)),
    );
  }
  return runs.onDidChange(({ isList }) => isList && update());
}
