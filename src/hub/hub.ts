import { bytesText } from '../vocabulary/words/size.ts';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { isCommit, openHubCache, type HubCache, type HubKind } from './hub-cache.ts';
import { downloadFile, type RemoteFile } from './hub-download.ts';
import { clash, filesToGet, parseRevision, type RemoteRevision } from './hub-files.ts';
import { HubFailure, hubGetJson, type HubHttp } from './hub-http.ts';
import { withLock } from './hub-lock.ts';
import {
  checkHubId,
  checkRevision,
  diskFull,
  explain,
  hubProblem,
  offlineProblem,
  type HubRequest,
} from './hub-problems.ts';
import { hubSettings, type Environment } from './hub-settings.ts';

/** Progress of a download over all its files. */
export interface HubProgress {
  /** File that the last bytes belong to. */
  readonly file: string;
  readonly doneBytes: number;
  /** null when the hub does not say. */
  readonly totalBytes: number | null;
}

export interface HubOptions {
  /** Aborting it rejects with its reason; what is downloaded is kept for the next time. */
  readonly signal?: AbortSignal;
  /** Called for each piece that arrives; what it throws ends the download. */
  readonly onProgress?: (progress: HubProgress) => void;
  /** Told in a sentence when a downloaded revision is used because the hub cannot be asked for a newer one. */
  readonly onNotice?: (notice: string) => void;
  /** `HF_ENDPOINT`, `HF_TOKEN`, `HF_HUB_OFFLINE`, `ESCI_LAB_CACHE`; default the process's own. */
  readonly environment?: Environment;
  /**
   * Tries without progress, default 5; pause before the second, default 1 s, doubling up to the longest, default 60 s; patience with
   * silence, default 30 s.
   */
  readonly attempts?: number;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly idleTimeoutMs?: number;
}

/** Files downloaded at the same time. */
const CONCURRENCY = 3;
/** Files of one repository that are downloaded. */
const MAX_FILES = 10_000;
/** Free space to leave on the disk. */
const SPARE_BYTES = 64 * 2 ** 20;

/**
 * Folder of a model of the hub (`organisation/name`) at a branch, tag or commit (null: `main`), downloaded where the cache lacks it: configuration,
 * tokeniser and safetensors.
 * @throws ProblemError `hub-id`, `hub-revision`, `hub-offline`, `hub-network`, `hub-access`, `hub-not-found`, `hub-files`, `hub-corrupt`, `disk-full`, `cannot-write`
 */
export function resolveHubModel(id: string, revision: string | null, options: HubOptions = {}): Promise<string> {
  return resolveHub('models', id, revision, options);
}

/** Folder of a data set of the hub: its parquet files, or where it has none its csv, tsv and jsonl files. As `resolveHubModel`. */
export function resolveHubDataset(id: string, revision: string | null, options: HubOptions = {}): Promise<string> {
  return resolveHub('datasets', id, revision, options);
}

async function resolveHub(
  kind: HubKind,
  id: string,
  revisionOrNull: string | null,
  options: HubOptions,
): Promise<string> {
  checkHubId(kind, id);
  const settings = hubSettings(options.environment ?? process.env);
  const revision = revisionOrNull ?? 'main';
  const request: HubRequest = { kind, id, revision, settings };
  checkRevision(request);
  const cache = openHubCache(settings.cacheFolder, kind, id);
  const commit = await cache.commitOf(revision);
  const cached = commit === null ? null : await cache.complete(commit);
  // A commit never changes; a branch or tag may, so the hub is asked.
  if (cached !== null && (isCommit(revision) || settings.isOffline)) return cached;
  if (settings.isOffline) throw await offlineProblem(request);
  const http: HubHttp = {
    settings,
    signal: options.signal,
    attempts: options.attempts ?? 5,
    firstDelayMs: options.firstDelayMs ?? 1000,
    maxDelayMs: options.maxDelayMs ?? 60_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 30_000,
  };
  try {
    const remote = await describeRevision(request, cached === null ? http : quick(http));
    return await download(request, remote, cache, http, options);
  } catch (error) {
    const isUnreachable = error instanceof HubFailure && error.isTransient;
    if (!isUnreachable || cached === null) throw await explain(request, error);
    options.onNotice?.(`${error.message}: using ${id} as downloaded before, at commit ${commit}.`);
    return cached;
  }
}

/** For a question whose answer can be done without. */
function quick(http: HubHttp): HubHttp {
  return { ...http, attempts: 1, idleTimeoutMs: Math.min(http.idleTimeoutMs, 10_000) };
}

/** Asks the hub which commit the revision is and which files it has. */
async function describeRevision({ kind, id, revision, settings }: HubRequest, http: HubHttp): Promise<RemoteRevision> {
  const url = `${settings.endpoint}/api/${kind}/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const remote = parseRevision(await hubGetJson(http, url));
  if (remote === null) throw new HubFailure(`${settings.endpoint} answers in a form that is no hub's`, 200);
  return remote;
}

async function download(
  request: HubRequest,
  remote: RemoteRevision,
  cache: HubCache,
  http: HubHttp,
  options: HubOptions,
): Promise<string> {
  const { kind, revision } = request;
  const files = filesToGet[kind](remote.files);
  if (typeof files === 'string') {
    const found = remote.files.map(({ path }) => path);
    const message = `The repository has ${files}; found ${found.slice(0, 12).join(', ') || 'nothing'}${found.length > 12 ? ', …' : ''}.`;
    const next = `Choose one that is published ${kind === 'models' ? 'as safetensors' : 'in one of these formats'}.`;
    throw hubProblem(request, 'hub-files', message, next);
  }
  const both = clash(files);
  if (both !== undefined) {
    const message = `The repository has files that one folder cannot hold: ${both.map((path) => JSON.stringify(path)).join(' and ')}.`;
    throw hubProblem(request, 'hub-files', message, 'Choose another revision, or ask its owner to rename one of them.');
  }
  if (files.length > MAX_FILES) {
    const message = `The repository has ${files.length} files of use; expected at most ${MAX_FILES}.`;
    throw hubProblem(
      request,
      'hub-files',
      message,
      'Download what is needed of it by other means, and name the folder.',
    );
  }
  const folder = cache.commitFolder(remote.commit);
  if ((await cache.complete(remote.commit)) === null) {
    await withLock(cache.folder, options.signal, async () => {
      // Another process may have downloaded it while we waited.
      if ((await cache.complete(remote.commit)) !== null) return;
      await checkSpace(request, files);
      await downloadAll(request, remote.commit, files, folder, http, options);
      await cache.markComplete(remote.commit, files);
    });
  }
  await cache.setCommit(revision, remote.commit);
  return folder;
}

/** Downloads several files at a time; the first failure ends all. */
async function downloadAll(
  { kind, id, settings }: HubRequest,
  commit: string,
  files: readonly RemoteFile[],
  folder: string,
  http: HubHttp,
  options: HubOptions,
): Promise<void> {
  const done = new Map<string, number>();
  const totalBytes = files.every(({ size }) => size !== null) ? sum(files.map(({ size }) => size ?? 0)) : null;
  const failed = new AbortController();
  const signal = options.signal === undefined ? failed.signal : AbortSignal.any([options.signal, failed.signal]);
  const queue = [...files];
  const root = `${settings.endpoint}/${kind === 'datasets' ? 'datasets/' : ''}${id}/resolve/${commit}`;
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (let file = queue.shift(); file !== undefined && !failed.signal.aborted; file = queue.shift()) {
      const { path } = file;
      const url = `${root}/${path.split('/').map(encodeURIComponent).join('/')}`;
      await downloadFile({ ...http, signal }, url, file, join(folder, path), (nBytes) => {
        done.set(path, nBytes);
        options.onProgress?.({ file: path, doneBytes: sum([...done.values()]), totalBytes });
      });
    }
  });
  let first: { readonly error: unknown } | undefined;
  const settled = workers.map((worker) =>
    worker.catch((error: unknown) => {
      first ??= { error };
      failed.abort(error);
    }),
  );
  await Promise.all(settled);
  if (first !== undefined) throw first.error;
}

async function checkSpace(request: HubRequest, files: readonly RemoteFile[]): Promise<void> {
  const needed = sum(files.map(({ size }) => size ?? 0)) + SPARE_BYTES;
  const disk = await statfs(request.settings.cacheFolder);
  const free = disk.bavail * disk.bsize;
  if (free >= needed) return;
  throw diskFull(request, `The download needs ${bytesText(needed)}, and the disk has ${bytesText(free)} left.`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
