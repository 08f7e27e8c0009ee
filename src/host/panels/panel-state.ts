/** What the editor has kept of a panel, checked before it becomes a path: pages write it themselves. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { isObject } from '../../vocabulary/check.ts';
import { isRunId } from '../../protocol/run-id.ts';

/** The run folder of a run's panel, when it lies in one of the workspace's runs folders. */
export function keptRun(state: unknown, runsFolders: readonly string[]): string | undefined {
  const { runDir } = isObject(state) ? state : {};
  if (typeof runDir !== 'string' || !isAbsolute(runDir) || !isRunId(basename(runDir))) return undefined;
  const isOwn = runsFolders.includes(dirname(runDir)) && join(dirname(runDir), basename(runDir)) === runDir;
  return isOwn ? runDir : undefined;
}

/** The runs of a comparison, when they lie in one of the workspace's runs folders. */
export function keptComparison(
  state: unknown,
  runsFolders: readonly string[],
): { readonly runsFolder: string; readonly runIds: readonly string[] } | undefined {
  const { runsFolder, runIds } = isObject(state) ? state : {};
  if (typeof runsFolder !== 'string' || !runsFolders.includes(runsFolder)) return undefined;
  return Array.isArray(runIds) && runIds.every(isRunId) ? { runsFolder, runIds } : undefined;
}
