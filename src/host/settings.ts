import { isAbsolute, join, normalize } from 'node:path';
import { RelativePattern, workspace } from 'vscode';
import type { DocumentFilter, WorkspaceFolder } from 'vscode';
import { SETTINGS } from './setting-defaults.ts';

/** Folder of the runs of a workspace folder, absolute. */
export function runsFolderOf(folder: WorkspaceFolder): string {
  const value = workspace.getConfiguration('esciLab', folder).get<string>('runsFolder', SETTINGS.runsFolder).trim();
  const path = value === '' ? SETTINGS.runsFolder : value;
  return normalize(isAbsolute(path) ? path : join(folder.uri.fsPath, path));
}

/** Runs folders of the whole workspace, each once. */
export function runsFolders(): string[] {
  const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  return [...new Set(folders.map(runsFolderOf))];
}

/** Globs of the files that may be experiments. */
export function experimentGlobs(): readonly string[] {
  return workspace.getConfiguration('esciLab').get<string[]>('experimentFiles', [...SETTINGS.experimentFiles]);
}

/** Documents whose place is one of an experiment; their text decides then whether they are one. */
export function experimentDocuments(): DocumentFilter[] {
  return (workspace.workspaceFolders ?? []).flatMap((folder) =>
    experimentGlobs().map((glob) => ({ language: 'yaml', pattern: new RelativePattern(folder, glob) })),
  );
}

/** Path of the Node that trainers run under; empty to have one found. */
export function nodePath(): string {
  return workspace.getConfiguration('esciLab').get<string>('nodePath', SETTINGS.nodePath);
}

/** How many trainers may be at work at once, at least one. */
export function maxParallelRuns(): number {
  return Math.max(1, workspace.getConfiguration('esciLab').get<number>('maxParallelRuns', SETTINGS.maxParallelRuns));
}
