import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { syncTree } from '../files/durable.ts';
import { writeHashedFile } from '../files/hashed-file.ts';
import type { Json } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';
import { writeProblem } from '../files/os-problem.ts';
import { exportOnnx } from './export-onnx.ts';
import { readModelJson } from './model-files.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { Ranker } from './rankers/ranker.ts';
import { writeSafetensors } from './safetensors.ts';
import { writeOnnx, type OnnxLimits } from './write-onnx.ts';

export interface SaveOptions {
  /** Folder that the model was loaded from: its tokenizer files go along. */
  readonly source: string;
  /** `config.json` of the model that was loaded. */
  readonly config: Json;
  /** Longest sequence in tokens, special tokens included. */
  readonly maxLength: number;
  /** Tensors of the original that the ranker does not use (`LoadedModel.unused`). */
  readonly unused: ParameterSet;
  /** Text of the model card, written as README.md. */
  readonly card: string;
  /** When onnx/model.onnx has its data in files beside it; protobuf's limit unless a test asks for less. */
  readonly onnxLimits?: OnnxLimits;
}

const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'sentencepiece.bpe.model',
  'added_tokens.json',
];

/**
 * Writes an ordinary Hugging Face folder: config.json, tokenizer, model.safetensors, onnx/model.onnx, a model card, and what
 * sentence-transformers needs to give the same scores, into a folder that exists and is empty. All of it is durable at the end, down to the names in the folder. Not
 * atomic: write into a temporary folder and rename it.
 * @throws ProblemError `disk-full`, `file-too-large`, `cannot-write`
 */
export function saveModel(folder: string, ranker: Ranker, parameters: ParameterSet, options: SaveOptions): void {
  try {
    // The run folder may have been deleted meanwhile: it does not come back.
    mkdirSync(join(folder, 'onnx'));
    for (const name of TOKENIZER_FILES) {
      if (existsSync(join(options.source, name))) copyFileSync(join(options.source, name), join(folder, name));
    }
    saveTokenizerConfig(folder, options.maxLength);
    writeSafetensors(join(folder, 'model.safetensors'), new Map([...parameters, ...options.unused]), { format: 'pt' });
    const onnx = exportOnnx(ranker, parameters);
    const nDataFiles = writeOnnx(join(folder, 'onnx', 'model.onnx'), onnx, options.onnxLimits);
    saveJson(folder, 'config.json', savedConfig(ranker, options.config, nDataFiles));
    saveFiles(folder, ranker.savedFiles(options.maxLength));
    writeHashedFile(join(folder, 'README.md'), [Buffer.from(options.card)]);
    syncTree(folder);
  } catch (error) {
    throw writeProblem(error, folder);
  }
}

function saveJson(folder: string, name: string, value: unknown): void {
  writeHashedFile(join(folder, name), [Buffer.from(`${JSON.stringify(value, null, 2)}\n`)]);
}

function savedConfig(ranker: Ranker, config: Json, nDataFiles: number): Record<string, unknown> {
  const saved: Record<string, unknown> = { ...config };
  // The stored floats are float32, whatever the original's were.
  for (const key of ['torch_dtype', 'dtype']) if (key in saved) saved[key] = 'float32';
  return { ...saved, ...externalDataConfig(config, nDataFiles), ...ranker.savedConfig };
}

/** What tells transformers.js of data files beside onnx/model.onnx; what the original said of its own goes. */
function externalDataConfig(config: Json, nDataFiles: number): Json {
  const key = 'transformers.js_config';
  const original = config[key];
  if (nDataFiles === 0 && original === undefined) return {};
  const format = nDataFiles === 0 ? false : { 'model.onnx': nDataFiles };
  return { [key]: { ...(isObject(original) ? original : {}), use_external_data_format: format } };
}

function saveTokenizerConfig(folder: string, maxLength: number): void {
  const name = 'tokenizer_config.json';
  const config = existsSync(join(folder, name)) ? readModelJson(join(folder, name), 'bad-tokenizer') : {};
  saveJson(folder, name, { ...config, model_max_length: maxLength });
}

function saveFiles(folder: string, files: ReturnType<Ranker['savedFiles']>): void {
  for (const [path, value] of Object.entries(files)) {
    const below = path.endsWith('/') ? path : dirname(path);
    if (below !== '.') mkdirSync(join(folder, below));
    if (below !== path) saveJson(folder, path, value);
  }
}
