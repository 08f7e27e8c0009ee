import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { errorCode } from '../../files/os-problem.ts';

/** Entries of a run folder that a report lists. */
const MAX_FILES = 500;
/** Folders in folders that are looked at: a run has three. */
const MAX_DEPTH = 6;

/** Names that a trainer gives; others may be a person's own words. */
const OWN_NAMES = [
  /^(?:experiment\.yml|run\.json|annotation\.json|events\.jsonl|trainer\.log|heartbeat|stop|\.reserve|test_scores\.csv|README\.md)$/,
  /^trainer\.lock-\d{1,15}$/,
  /^(?:checkpoints|model|onnx|rankings|dev|test|1_Pooling|2_Normalize)$/,
  /^(?:model|optimizer)\.(?:safetensors|onnx|onnx_data(?:_\d{1,3})?)$/,
  /^(?:config|tokenizer|tokenizer_config|special_tokens_map|modules|sentence_bert_config|config_sentence_transformers|state)\.json$/,
  /^(?:vocab\.txt|LICENSE|NOTICE|baseline\.f32)$/,
  /^(?:dev|test)(?:\.index)?\.jsonl?$/,
  /^step-\d{6,12}(?:\.f32|\.tmp)?$/,
];

/** Endings that are told of other names. */
const ENDINGS = new Set([
  '.json',
  '.jsonl',
  '.yml',
  '.txt',
  '.log',
  '.tmp',
  '.safetensors',
  '.onnx',
  '.f32',
  '.csv',
  '.md',
]);

/** The files of a run folder with their sizes in bytes and times, a line each; names that no trainer gives are left out. */
export async function listFiles(runDir: string): Promise<string> {
  const lines: string[] = [];
  let nMore = 0;
  const look = async (folder: string, shown: string, depth: number): Promise<void> => {
    const entries = (await readFolder(folder)).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const name = `${shown}${shownName(entry.name)}`;
      if (entry.isDirectory() && depth < MAX_DEPTH) await look(join(folder, entry.name), `${name}/`, depth + 1);
      else if (lines.length >= MAX_FILES) nMore++;
      else lines.push(`${await sizeAndTime(join(folder, entry.name))}  ${name}`);
    }
  };
  await look(runDir, '', 0);
  return [...lines, ...(nMore === 0 ? [] : [`and ${nMore} more`])].map((line) => `${line}\n`).join('');
}

/** The name if a trainer gives such names, also one that was set aside or not finished. */
function shownName(name: string): string {
  const isOwn = (text: string): boolean => OWN_NAMES.some((shape) => shape.test(text));
  if (isOwn(name)) return name;
  const unfinished = /^\.(.+)\.[0-9a-f]{8}\.tmp$/.exec(name)?.[1];
  const broken = /^(.+)\.broken-[\dTZ-]{10,40}$/.exec(name)?.[1];
  const base = unfinished ?? broken;
  if (base !== undefined && isOwn(base)) return name;
  const ending = extname(name).toLowerCase();
  return ENDINGS.has(ending) ? `<other>${ending}` : '<other>';
}

async function readFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'EACCES', 'EPERM', 'ENOTDIR'].includes(errorCode(error))) return [];
    throw error;
  }
}

async function sizeAndTime(path: string): Promise<string> {
  try {
    const { size, mtime } = await stat(path);
    return `${String(size).padStart(13)}  ${mtime.toISOString()}`;
  } catch {
    // Gone or not readable meanwhile: that it was there is what counts.
    return `${'?'.padStart(13)}  ${'?'.padEnd(24)}`;
  }
}
