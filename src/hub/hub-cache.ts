import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '../files/subfolder.ts';
import { writeFileAtomic } from '../files/write-file.ts';
import { isObject } from '../vocabulary/check.ts';
import type { RemoteFile } from './hub-download.ts';

/** What a hub has: models and data sets have repositories of their own. */
export type HubKind = 'models' | 'datasets';

/**
 * The cache's folder of one repository:
 * ```
 * models--org--name/
 *   refs/main            commit that the revision meant when it was last looked up
 *   <commit>/            the files, under their names
 *   <commit>/.complete   their names and sizes, written last: without it the folder does not count
 *   .lock-<n>            who is downloading
 * ```
 */
export interface HubCache {
  readonly folder: string;
  commitFolder(commit: string): string;
  /** Commit that a revision meant when it was last downloaded; null when it never was. */
  commitOf(revision: string): Promise<string | null>;
  /** Folder of a commit when all its files are there in full size, else null. */
  complete(commit: string): Promise<string | null>;
  markComplete(commit: string, files: readonly RemoteFile[]): Promise<void>;
  setCommit(revision: string, commit: string): Promise<void>;
  /** Commits that are complete. */
  commits(): Promise<string[]>;
}

const MANIFEST = '.complete';

export function openHubCache(cacheFolder: string, kind: HubKind, id: string): HubCache {
  const folder = join(cacheFolder, `${kind}--${id.replace('/', '--')}`);
  const refPath = (revision: string): string => join(folder, 'refs', encodeURIComponent(revision));
  const cache: HubCache = {
    folder,
    commitFolder: (commit) => join(folder, commit),
    commitOf: async (revision) => {
      if (isCommit(revision)) return revision;
      const commit = (await readFile(refPath(revision), 'utf8').catch(() => '')).trim();
      return isCommit(commit) ? commit : null;
    },
    complete: async (commit) => {
      const files = await readManifest(join(folder, commit, MANIFEST));
      if (files === null) return null;
      for (const [path, size] of Object.entries(files)) {
        const found = await stat(join(folder, commit, path)).catch(() => null);
        if (found?.size !== size) return null;
      }
      return join(folder, commit);
    },
    markComplete: async (commit, files) => {
      const sizes = new Map<string, number>();
      for (const { path } of files) sizes.set(path, (await stat(join(folder, commit, path))).size);
      await writeFileAtomic(join(folder, commit, MANIFEST), `${JSON.stringify(Object.fromEntries(sizes), null, 2)}\n`);
    },
    setCommit: async (revision, commit) => {
      if (isCommit(revision) || (await cache.commitOf(revision)) === commit) return;
      await makeFolder(dirname(refPath(revision)));
      await writeFileAtomic(refPath(revision), `${commit}\n`);
    },
    commits: async () => {
      const names = (await readdir(folder).catch(() => [] as string[])).filter(isCommit);
      const folders = await Promise.all(names.map((name) => cache.complete(name)));
      return names.filter((_, i) => folders[i] !== null);
    },
  };
  return cache;
}

/** Ids of a kind that the cache has something of. */
export async function cachedIds(cacheFolder: string, kind: HubKind): Promise<string[]> {
  const names = await readdir(cacheFolder).catch(() => [] as string[]);
  return names
    .filter((name) => name.startsWith(`${kind}--`))
    .map((name) => name.slice(kind.length + 2).replace('--', '/'));
}

/** Whether a revision is a commit's full name. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

async function readManifest(path: string): Promise<Record<string, number> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isObject(value) ? (value as Record<string, number>) : null;
  } catch {
    return null;
  }
}
