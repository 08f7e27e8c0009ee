import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelType, Pooling } from '../config/names.ts';
import type { Problem } from '../protocol/events.ts';
import { ProblemError } from '../protocol/problem.ts';
import { parseArchitecture, type Architecture } from './architecture.ts';
import { listed, readModelJson, type Json } from './model-files.ts';
import { encoderPrefix, parameterSpecs, type ParameterSpec } from './parameter-names.ts';
import type { RankerSpec } from './ranker.ts';
import type { FloatTensor } from './safetensors.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { openWeights, type Weights } from './weights.ts';

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
  const { parameters, unused, initialised } = readParameters(folder, architecture, nLabels, (spec) =>
    initialise(spec, config, options.normal),
  );
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

interface ReadParameters {
  readonly parameters: Map<string, FloatTensor>;
  readonly unused: Map<string, FloatTensor>;
  readonly initialised: readonly string[];
}

/** The parameters of a folder. All are found and of the right shape before the first is read. */
function readParameters(
  folder: string,
  architecture: Architecture,
  nLabels: number | null,
  initial: (spec: ParameterSpec) => Float32Array,
): ReadParameters {
  const weights = openWeights(folder);
  try {
    const prefix = encoderPrefix(architecture.family);
    const planned = parameterSpecs(architecture, nLabels).map((spec) => {
      const tensor = findTensor(weights, spec.name, prefix);
      const isHead = spec.block === 'classifier' || spec.block === 'pooler';
      const fits = tensor !== undefined && tensor.shape.join() === spec.shape.join();
      if (!fits && !isHead) throw badParameter(spec, tensor, folder);
      return { spec, tensor: fits ? tensor : null };
    });
    const unusedNames = nLabels === null && architecture.family === 'bert' ? UNUSED : [];
    return {
      parameters: new Map(
        planned.map(({ spec, tensor }) => [
          spec.name,
          { shape: spec.shape, data: tensor === null ? initial(spec) : weights.floats(tensor) },
        ]),
      ),
      unused: new Map(
        unusedNames.flatMap((name): [string, FloatTensor][] => {
          const tensor = findTensor(weights, name, prefix);
          return tensor === undefined ? [] : [[name, { shape: tensor.shape, data: weights.floats(tensor) }]];
        }),
      ),
      initialised: planned.filter(({ tensor }) => tensor === null).map(({ spec }) => spec.name),
    };
  } finally {
    weights.close();
  }
}

/** What a bare BERT encoder has and a bi-encoder does not use. */
const UNUSED = ['pooler.dense.weight', 'pooler.dense.bias'];

/** A tensor by its name with or without the family's prefix, and by the names that it had earlier. */
function findTensor(weights: Weights, name: string, prefix: string): StoredTensor | undefined {
  return [name, name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name]
    .flatMap((candidate) => [candidate, oldNormName(candidate)])
    .map((candidate) => weights.find(candidate))
    .find((tensor) => tensor !== undefined);
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
  const pooling = readModelJson(path, 'bad-model-config');
  if (pooling['pooling_mode_mean_tokens'] === true || pooling['pooling_mode'] === 'mean') return 'mean';
  return pooling['pooling_mode_cls_token'] === true || pooling['pooling_mode'] === 'cls' ? 'cls' : null;
}
