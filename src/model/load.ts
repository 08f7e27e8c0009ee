import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelType, Pooling } from '../config/names.ts';
import type { Problem } from '../protocol/events.ts';
import { ProblemError } from '../protocol/problem.ts';
import { parseArchitecture, type Architecture } from './architecture.ts';
import { dequantiseRows } from './int8-rows.ts';
import { encoderPrefix, parameterSpecs, type ParameterSpec } from './parameter-names.ts';
import type { RankerSpec } from './ranker.ts';
import { readSafetensors, toFloat32, type FloatTensor, type StoredTensor } from './safetensors.ts';

/** How a model folder is to be used. */
export interface LoadOptions {
  readonly type: ModelType;
  /** Outputs of a cross-encoder; ignored for a bi-encoder. */
  readonly nLabels: number;
  /** null: as the folder says, else mean. */
  readonly pooling: Pooling | null;
  readonly isNormalised: boolean;
  /** A normal random number generator for a head that the checkpoint lacks: mean 0, deviation 1, seeded. */
  readonly normal: () => number;
}

export interface LoadedModel {
  readonly ranker: RankerSpec;
  readonly parameters: Map<string, FloatTensor>;
  /** The pooler that a bi-encoder has no use for: saved as it came, so that no later load misses it. */
  readonly unused: ReadonlyMap<string, FloatTensor>;
  /** `config.json` as read. */
  readonly config: Readonly<Record<string, unknown>>;
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
  const architecture = parseArchitecture(config, join(folder, 'config.json'));
  const nLabels = options.type === 'cross-encoder' ? options.nLabels : null;
  const stored = readTensors(folder);
  const prefix = encoderPrefix(architecture.family);
  const find = (name: string): StoredTensor | undefined =>
    [name, name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name]
      .flatMap((candidate) => [candidate, oldNormName(candidate)])
      .map((candidate) => stored.get(candidate))
      .find((tensor) => tensor !== undefined);

  const parameters = new Map<string, FloatTensor>();
  const initialised: string[] = [];
  for (const spec of parameterSpecs(architecture, nLabels)) {
    const tensor = find(spec.name);
    const isHead = spec.block === 'classifier' || spec.block === 'pooler';
    const fits = tensor !== undefined && tensor.shape.join() === spec.shape.join();
    if (!fits && !isHead) throw badParameter(spec, tensor, folder);
    if (!fits) initialised.push(spec.name);
    const data = fits ? readTensor(tensor, spec.shape, stored) : initialise(spec, config, options.normal);
    parameters.set(spec.name, { shape: spec.shape, data });
  }
  const unused = new Map<string, FloatTensor>();
  if (nLabels === null && architecture.family === 'bert') {
    for (const name of ['pooler.dense.weight', 'pooler.dense.bias']) {
      const tensor = find(name);
      if (tensor !== undefined) {
        const { shape } = tensor;
        unused.set(name, { shape, data: readTensor(tensor, shape, stored) });
      }
    }
  }
  const folderPooling = poolingOf(folder);
  return {
    ranker: {
      architecture,
      type: options.type,
      nLabels,
      pooling: options.pooling ?? folderPooling ?? 'mean',
      isNormalised: options.isNormalised,
    },
    parameters,
    unused,
    config,
    folder,
    initialised,
    warnings: initialised.length === 0 ? [] : [headWarning(initialised, architecture, nLabels)],
  };
}

function readConfig(folder: string): Record<string, unknown> {
  const path = join(folder, 'config.json');
  if (!existsSync(path)) {
    throw new ProblemError({
      code: 'no-model',
      message: `no model here: config.json is missing; found ${listed(folder)}`,
      where: folder,
      next: 'Set model.name to a Hugging Face folder (config.json, tokenizer.json, model.safetensors), a hub id, or bundled:all-MiniLM-L6-v2.',
    });
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new ProblemError({
      code: 'bad-model-config',
      message: `not JSON: ${(error as Error).message}`,
      where: path,
      next: 'Copy or download the file again.',
    });
  }
}

function listed(folder: string): string {
  if (!existsSync(folder)) return 'no such folder';
  const names = readdirSync(folder);
  return names.length === 0 ? 'an empty folder' : names.slice(0, 8).join(', ') + (names.length > 8 ? ', …' : '');
}

function readTensors(folder: string): ReadonlyMap<string, StoredTensor> {
  const files = ['model.safetensors', 'model.int8.safetensors']
    .filter((name) => existsSync(join(folder, name)))
    .slice(0, 1);
  const index = join(folder, 'model.safetensors.index.json');
  if (files.length === 0 && existsSync(index)) {
    const { weight_map: map } = JSON.parse(readFileSync(index, 'utf8')) as { weight_map: Record<string, string> };
    files.push(...new Set(Object.values(map)));
  }
  if (files.length === 0) {
    throw new ProblemError({
      code: 'no-weights',
      message: `no model.safetensors; found ${listed(folder)}`,
      where: folder,
      next: 'Choose a model that is published as safetensors.',
    });
  }
  return new Map(files.flatMap((name) => [...readSafetensors(join(folder, name)).tensors]));
}

/** A tensor's floats; int8 storage has a scale a row beside it (int8-rows.ts). */
function readTensor(
  tensor: StoredTensor,
  shape: readonly number[],
  stored: ReadonlyMap<string, StoredTensor>,
): Float32Array {
  if (tensor.dtype !== 'I8') return toFloat32(tensor);
  const [name] = [...stored].find(([, other]) => other === tensor)!;
  const scales = stored.get(`${name}.scale`);
  if (scales === undefined) {
    throw new ProblemError({
      code: 'bad-parameter',
      message: `the int8 parameter ${name} has no ${name}.scale beside it`,
      where: 'model.name',
      next: 'Copy the model again, or make it again with scripts/quantise-model.py.',
    });
  }
  const [rows, columns] = shape as [number, number];
  return dequantiseRows(new Int8Array(new Uint8Array(tensor.data).buffer), toFloat32(scales), rows, columns);
}

/** Names of LayerNorm parameters in checkpoints of TensorFlow descent. */
function oldNormName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
}

/** Weights N(0, initializer_range), biases 0. */
function initialise(
  spec: ParameterSpec,
  config: Readonly<Record<string, unknown>>,
  normal: () => number,
): Float32Array {
  const data = new Float32Array(spec.shape.reduce((product, dim) => product * dim, 1));
  if (!spec.hasDecay) return data;
  const deviation = typeof config['initializer_range'] === 'number' ? config['initializer_range'] : 0.02;
  return data.map(() => normal() * deviation);
}

function badParameter(spec: ParameterSpec, tensor: StoredTensor | undefined, folder: string): ProblemError {
  const found = tensor === undefined ? 'is missing' : `has shape [${tensor.shape.join(', ')}]`;
  return new ProblemError({
    code: 'bad-parameter',
    message: `parameter ${spec.name} ${found}, expected [${spec.shape.join(', ')}] by config.json`,
    where: folder,
    next: 'Check that config.json and model.safetensors belong together.',
  });
}

function headWarning(initialised: readonly string[], { family }: Architecture, nLabels: number | null): Problem {
  return {
    code: 'head-initialised',
    message: `the model has no head for ${nLabels ?? 0} label(s): ${initialised.join(', ')} drawn at random, as the ${family} family does`,
    where: 'model.name',
    next: 'The "pretrained" column shows the bare encoder as a bi-encoder (cosine) instead.',
  };
}

/** Pooling that a sentence-transformers folder declares, null when it declares none or another kind. */
function poolingOf(folder: string): Pooling | null {
  const path = join(folder, '1_Pooling', 'config.json');
  if (!existsSync(path)) return null;
  const pooling = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  if (pooling['pooling_mode_mean_tokens'] === true || pooling['pooling_mode'] === 'mean') return 'mean';
  return pooling['pooling_mode_cls_token'] === true || pooling['pooling_mode'] === 'cls' ? 'cls' : null;
}
