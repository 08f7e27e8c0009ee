import { dataEnding } from '../data/open-table.ts';
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
 * A path that would leave the folder or that not every system can have is left out.
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
    let weights = files.filter(({ path }) => path === WHOLE_WEIGHTS);
    if (weights.length === 0) weights = files.filter(({ path }) => SHARDS.test(path));
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

/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** A path's part is a file's name, to which a download adds a few letters; file systems take 255 bytes. */
const MAX_NAME_BYTES = 240;
const MAX_PATH_BYTES = 1000;

function isInside(path: string): boolean {
  if (/[\x00-\x1f\x7f\\:*?"<>|]/.test(path) || Buffer.byteLength(path) > MAX_PATH_BYTES) return false;
  return path.split('/').every((part) => {
    const isDots = part === '' || part === '.' || part.startsWith('..');
    return !isDots && !/[. ]$/.test(part) && !DEVICE.test(part) && Buffer.byteLength(part) <= MAX_NAME_BYTES;
  });
}

/**
 * Two of the paths that one folder cannot hold: equal but for case or form (Windows and macOS make no difference), or a file where the
 * other has a folder. Undefined when there are none.
 */
export function clash(files: readonly RemoteFile[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  const folders = new Map<string, string>();
  for (const { path } of files) {
    const key = path.normalize('NFC').toLowerCase();
    const other = seen.get(key) ?? folders.get(key);
    if (other !== undefined) return [other, path];
    seen.set(key, path);
    for (let end = key.lastIndexOf('/'); end > 0; end = key.lastIndexOf('/', end - 1)) {
      const folder = key.slice(0, end);
      const file = seen.get(folder);
      if (file !== undefined) return [file, path];
      folders.set(folder, path);
    }
  }
  return undefined;
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
