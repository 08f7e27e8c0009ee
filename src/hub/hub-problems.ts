import { errorCode } from '../files/os-problem.ts';
import { nearestName } from '../metrics/nearest-name.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { cachedIds, openHubCache, type HubKind } from './hub-cache.ts';
import { CorruptFile } from './hub-download.ts';
import { HubFailure } from './hub-http.ts';
import type { HubSettings } from './hub-settings.ts';

/** What was asked of the hub. */
export interface HubRequest {
  readonly kind: HubKind;
  readonly id: string;
  readonly revision: string;
  readonly settings: HubSettings;
}

/** The words of messages for each kind. */
const WORDS = {
  models: { thing: 'model', option: 'model.name', bundled: 'bundled:all-MiniLM-L6-v2' },
  datasets: { thing: 'data set', option: 'data.uri', bundled: 'bundled:quickstart' },
} satisfies Record<HubKind, { thing: string; option: string; bundled: string }>;

/** Ids that people mean, for "did you mean" beside what the cache has. */
const KNOWN: Readonly<Record<HubKind, readonly string[]>> = {
  models: [
    'cross-encoder/ms-marco-MiniLM-L-12-v2',
    'cross-encoder/ms-marco-MiniLM-L-6-v2',
    'sentence-transformers/all-MiniLM-L6-v2',
    'sentence-transformers/all-mpnet-base-v2',
  ],
  datasets: ['alvations/esci-data-task1', 'tasksource/esci'],
};

type HubProblemCode =
  | 'hub-id'
  | 'hub-revision'
  | 'hub-offline'
  | 'hub-network'
  | 'hub-access'
  | 'hub-not-found'
  | 'hub-files'
  | 'hub-corrupt'
  | 'disk-full'
  | 'cannot-write';

/** A problem with the option that names the repository. */
export function hubProblem(
  { kind, id }: Pick<HubRequest, 'kind' | 'id'>,
  code: HubProblemCode,
  message: string,
  next: string,
  cause?: unknown,
): ProblemError {
  return new ProblemError({ code, message, where: `${WORDS[kind].option} "${id}"`, next }, { cause });
}

/** Refuses what cannot be an id: `name` or `organisation/name`, each of at most 96 characters. */
export function checkHubId(kind: HubKind, id: string): void {
  if (/^[\w-][\w.-]{0,95}(\/[\w-][\w.-]{0,95})?$/.test(id) && !id.includes('..') && !id.includes('--')) return;
  const { thing, bundled } = WORDS[kind];
  const message = `This is neither a folder here nor a hub id; expected organisation/name.`;
  throw hubProblem({ kind, id }, 'hub-id', message, `Name a folder with the ${thing}, a hub id, or ${bundled}.`);
}

/**
 * Refuses what cannot be a branch, tag or commit (git-check-ref-format), before it becomes part of an address and the name of a file.
 */
export function checkRevision({ kind, id, revision }: Omit<HubRequest, 'settings'>): void {
  const isRef = /^[^\s~^:?*[\\]+$/.test(revision) && !/[\p{Cc}\p{Cs}]|\.\.|@\{/u.test(revision);
  const isPath = revision.split('/').every((part) => part !== '' && !part.startsWith('.') && !/\.(lock)?$/.test(part));
  if (isRef && isPath && encodeURIComponent(revision).length <= 200) return;
  const message = `The revision ${JSON.stringify(revision.slice(0, 60))} cannot be a branch, tag or commit.`;
  const next = 'Use a branch, tag or commit that it has, or none for main.';
  throw hubProblem({ kind, id }, 'hub-revision', message, next);
}

/** The request's failure in the words of a problem; what is no expected failure as it is. */
export async function explain(request: HubRequest, error: unknown): Promise<unknown> {
  if (error instanceof HubFailure) return explainFailure(request, error);
  if (error instanceof CorruptFile) {
    const message = `${error.message} arrived damaged, twice: its bytes do not have the size or hash that the hub lists.`;
    return hubProblem(request, 'hub-corrupt', message, 'Try again later or, with HF_ENDPOINT, elsewhere.', error);
  }
  // Writes of `files` say a system's error in words of their own.
  const system = error instanceof ProblemError ? error.cause : error;
  const code = errorCode(system);
  const where = request.settings.cacheFolder;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(request, 'The disk is full.', error);
  // Whatever the system has against a name, a folder or a disk: the person can choose another folder.
  if (system instanceof Error && 'syscall' in system && /^E[A-Z0-9]+$/.test(code)) {
    const next = 'Check who owns the folder, or name another in the environment variable ESCI_LAB_CACHE.';
    const message = `The download folder ${where} cannot be written (${code}).`;
    return hubProblem(request, 'cannot-write', message, next, system);
  }
  return error;
}

/** The problem of a disk that cannot hold the download. */
export function diskFull(request: HubRequest, message: string, cause?: unknown): ProblemError {
  const next = `Free some space at ${request.settings.cacheFolder}, or name another folder in the environment variable ESCI_LAB_CACHE; what is downloaded is kept.`;
  return hubProblem(request, 'disk-full', message, next, cause);
}

/** The problem of an offline request for something that the cache lacks. */
export async function offlineProblem(request: HubRequest): Promise<ProblemError> {
  const message = `HF_HUB_OFFLINE is set, and the ${WORDS[request.kind].thing} (revision ${request.revision}) has not been downloaded.`;
  return hubProblem(
    request,
    'hub-offline',
    message,
    `Unset HF_HUB_OFFLINE, or go on without a hub: ${await waysOn(request)}`,
  );
}

async function explainFailure(request: HubRequest, failure: HubFailure): Promise<ProblemError> {
  const { kind, id, revision, settings } = request;
  const { thing } = WORDS[kind];
  const { status, hubCode } = failure;
  const isGated = hubCode === 'GatedRepo';
  // A hub answers 401 for what does not exist, too, when it does not know who asks.
  if (status === 403 || isGated || (status === 401 && settings.token !== null)) {
    const message = `${settings.endpoint} does not give this ${thing} ${settings.token === null ? 'to everybody' : 'to the owner of HF_TOKEN'}: ${failure.message}.`;
    const page = `${settings.endpoint}/${kind === 'datasets' ? 'datasets/' : ''}${id}`;
    const next = `Accept its terms at ${page}, then set HF_TOKEN to a token that may read it.`;
    return hubProblem(request, 'hub-access', message, next, failure);
  }
  if (status === 404 && hubCode === 'RevisionNotFound') {
    const message = `The ${thing} has no revision "${revision}".`;
    return hubProblem(
      request,
      'hub-not-found',
      message,
      'Use a branch, tag or commit that it has, or none for main.',
      failure,
    );
  }
  if (status === 401 || status === 404) {
    const guess = nearestName(
      id,
      [...KNOWN[kind], ...(await cachedIds(settings.cacheFolder, kind))].filter((name) => name !== id),
    );
    const hint = guess === undefined ? 'Check the spelling' : `Did you mean "${guess}"? Check the spelling`;
    const message = `${settings.endpoint} has no ${thing} of this name for everybody to read.`;
    return hubProblem(request, 'hub-not-found', message, `${hint}; for a private or gated one set HF_TOKEN.`, failure);
  }
  const message = `The ${thing} cannot be downloaded from ${settings.endpoint}: ${failure.message}.`;
  const proxy =
    status === null && settings.isProxyIgnored
      ? 'HTTPS_PROXY is followed by Node 24 and above, with NODE_USE_ENV_PROXY=1. '
      : '';
  const next = `${proxy}Try again, or go on without it: ${await waysOn(request)}`;
  return hubProblem(request, 'hub-network', message, next, failure);
}

/** What works without the hub. */
async function waysOn({ kind, id, settings }: HubRequest): Promise<string> {
  const { option, bundled } = WORDS[kind];
  const commits = await openHubCache(settings.cacheFolder, kind, id).commits();
  const cached =
    kind === 'models' && commits.length > 0 ? [`set model.revision to a downloaded one (${commits.join(', ')})`] : [];
  return `${[`set ${option} to a folder or to ${bundled}`, 'set HF_ENDPOINT to a mirror', ...cached].join('; ')}.`;
}
