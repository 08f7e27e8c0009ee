import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Pooling } from '../config/options/names.ts';
import type { Json } from '../files/json-file.ts';
import type { ModelType } from '../vocabulary/model-type.ts';
import type { Problem } from '../vocabulary/problem.ts';
import { ProblemError } from '../vocabulary/problem.ts';
import { numbersOf } from './config-numbers.ts';
import { listed, readModelJson } from './model-files.ts';
import { parseModelConfig, type ModelConfig } from './model-config.ts';
import type { Ranker } from './rankers/ranker.ts';
import { createRanker } from './rankers/rankers.ts';
import { readParameters } from './read-parameters.ts';
import type { FloatTensor } from './tensor-stream.ts';

/** How a model folder is to be used. */
export interface LoadOptions {
  readonly type: ModelType;
  /** Outputs of a head, where the type has one. */
  readonly nLabels: number;
  /** null: as the folder says, else mean. */
  readonly pooling: Pooling | null;
  readonly isNormalised: boolean;
  /** A normal random number generator for a head that the checkpoint lacks: mean 0, deviation 1, seeded. */
  readonly normal: () => number;
}

export interface LoadedModel {
  readonly ranker: Ranker;
  readonly parameters: Map<string, FloatTensor>;
  /** What the ranker has no use for: saved as it came, so that no later load misses it. */
  readonly unused: ReadonlyMap<string, FloatTensor>;
  /** `config.json` as read. */
  readonly config: Json;
  readonly folder: string;
  /** Parameters that the checkpoint lacked and that were drawn at random. */
  readonly initialised: readonly string[];
  readonly warnings: readonly Problem[];
}

/**
 * Loads a Hugging Face model folder (config.json, model.safetensors in one file or in shards, or our int8 storage) as
 * a cross-encoder or bi-encoder. A head that is missing or of another size is initialised as transformers does, with a
 * warning; any other missing or misshapen parameter is a problem.
 */
export function loadModel(folder: string, options: LoadOptions): LoadedModel {
  const config = readConfig(folder);
  const where = join(folder, 'config.json');
  const { type, nLabels, isNormalised, normal } = options;
  const pooling = options.pooling ?? poolingOf(folder) ?? 'mean';
  const ranker = createRanker(type, parseModelConfig(config, where), { nLabels, pooling, isNormalised });
  const deviation = numbersOf(config, where).fraction('initializer_range', 0.02);
  const { parameters, unused, initialised } = readParameters(folder, ranker, () => normal() * deviation);
  return {
    ranker,
    parameters,
    unused,
    config,
    folder,
    initialised,
    warnings: initialised.length === 0 ? [] : [headWarning(initialised, ranker)],
  };
}

/**
 * What a model folder's config.json says of the encoder; the weights are not looked at.
 * @throws ProblemError `no-model` and those of `parseModelConfig`
 */
export function readModelConfig(folder: string): ModelConfig {
  return parseModelConfig(readConfig(folder), join(folder, 'config.json'));
}

function readConfig(folder: string): Json {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    throw new ProblemError({
      code: 'no-model',
      message: `no model here: config.json is missing; found ${listed(folder)}`,
      where: folder,
      next: 'Set model.name to a Hugging Face folder (config.json, tokenizer.json, model.safetensors), a hub id, or bundled:all-MiniLM-L6-v2.',
    });
  }
  return readModelJson(path, 'bad-model-config');
}

function headWarning(initialised: readonly string[], { config, nLabels }: Ranker): Problem {
  return {
    code: 'head-initialised',
    message: `the model has no head for ${nLabels} label(s): ${initialised.join(', ')} drawn at random, as the ${config.family} family does`,
    where: 'model.name',
    next: 'The "pretrained" column shows the bare encoder as a bi-encoder (cosine) instead.',
  };
}

/** Pooling that a sentence-transformers folder declares, null when it declares none or another kind. */
function poolingOf(folder: string): Pooling | null {
  const path = join(folder, '1_Pooling', 'config.json');
  if (!existsSync(path)) return null;
  const pooling = readModelJson(path, 'bad-model-config');
  if (pooling['pooling_mode_mean_tokens'] === true || pooling['pooling_mode'] === 'mean') return 'mean';
  return pooling['pooling_mode_cls_token'] === true || pooling['pooling_mode'] === 'cls' ? 'cls' : null;
}
