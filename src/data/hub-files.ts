import { dataEnding } from './open-table.ts';
import type { HubKind } from './hub-cache.ts';
import type { RemoteFile } from './hub-download.ts';

/** A revision as the hub describes it. */
export interface RemoteRevision {
  readonly commit: string;
  readonly files: readonly RemoteFile[];
}

/** Files of a model that are read here or belong into a copy of it; weights are chosen apart. */
const MODEL_FILES = new Set([
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'modules.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
  '1_Pooling/config.json',
]);
const WHOLE_WEIGHTS = 'model.safetensors';
const SHARDS = /^model(-\d+-of-\d+\.safetensors|\.safetensors\.index\.json)$/;

/**
 * Reads the hub's answer about a revision (`/api/{models,datasets}/ID/revision/REV?blobs=true`); null when it is not of that form.
 * A path that would leave the folder is left out.
 */
export function parseRevision(answer: unknown): RemoteRevision | null {
  const { sha, siblings } = (answer ?? {}) as { sha?: unknown; siblings?: unknown };
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha) || !Array.isArray(siblings)) return null;
  const files = siblings.flatMap((entry: unknown): RemoteFile[] => {
    const { rfilename: path, size, blobId, lfs } = (entry ?? {}) as Record<string, unknown>;
    if (typeof path !== 'string' || !isInside(path)) return [];
    const large = (lfs ?? null) as Record<string, unknown> | null;
    return [
      {
        path,
        size: numberOrNull(large?.['size'] ?? size),
        sha256: textOrNull(large?.['sha256']),
        blobId: large === null ? textOrNull(blobId) : null,
      },
    ];
  });
  return { commit: sha, files };
}

/** The files to download, or in words what is missing for the repository to be of use. */
export const filesToGet = {
  models: (files) => {
    const whole = files.filter(({ path }) => path === WHOLE_WEIGHTS);
    const weights = whole.length > 0 ? whole : files.filter(({ path }) => SHARDS.test(path));
    const others = files.filter(({ path }) => MODEL_FILES.has(path));
    if (!others.some(({ path }) => path === 'config.json')) return 'no config.json';
    return weights.length === 0 ? `no ${WHOLE_WEIGHTS}` : [...others, ...weights];
  },
  datasets: (files) => {
    const tables = files.filter(({ path }) => dataEnding(path) !== undefined);
    // The hub's own format, when it is there; other formats are the same data again, or its sources.
    const parquet = tables.filter(({ path }) => dataEnding(path) === 'parquet');
    if (tables.length === 0) return 'no parquet, csv, tsv or jsonl file';
    return parquet.length > 0 ? parquet : tables;
  },
} satisfies Record<HubKind, (files: readonly RemoteFile[]) => readonly RemoteFile[] | string>;

function isInside(path: string): boolean {
  return (
    !/[\\:\0]/.test(path) && path.split('/').every((part) => part !== '' && !part.startsWith('..') && part !== '.')
  );
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
