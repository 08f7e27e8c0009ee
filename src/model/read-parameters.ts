import { totalmem } from 'node:os';
import { ProblemError } from '../vocabulary/problem.ts';
import { bytesText } from '../vocabulary/words/size.ts';
import { FAMILIES } from './families/families.ts';
import type { ParameterSpec } from './parts/parameter-spec.ts';
import type { Ranker } from './rankers/ranker.ts';
import type { FloatTensor } from './tensor-stream.ts';
import type { StoredTensor } from './safetensors-header.ts';
import { openWeights, type Weights } from './weights.ts';

/** What a folder's weights hold for a model. */
export interface ReadParameters {
  readonly parameters: Map<string, FloatTensor>;
  /** What the folder has and the ranker does not use (`Ranker.unused`). */
  readonly unused: Map<string, FloatTensor>;
  /** Parameters of the head that the folder lacks, or has in another shape. */
  readonly initialised: readonly string[];
}

/**
 * Reads the parameters of a model folder; those of a head that is not there are drawn by `weight` (biases are 0).
 * Everything is found, and fits, before the first parameter is read.
 * @throws ProblemError `bad-parameter`, `model-too-large`, and those of `openWeights`
 */
export function readParameters(folder: string, ranker: Ranker, weight: () => number): ReadParameters {
  const weights = openWeights(folder);
  try {
    const { prefix } = FAMILIES[ranker.config.family];
    const { specs } = ranker;
    const planned = specs.map((spec) => ({ spec, tensor: storedAs(weights, spec, prefix, folder) }));
    requireMemory(specs, folder);
    const read = (spec: ParameterSpec, tensor: StoredTensor): [string, FloatTensor] => [
      spec.name,
      { shape: spec.shape, data: weights.floats(tensor) },
    ];
    return {
      parameters: new Map(
        planned.map(({ spec, tensor }) => (tensor === null ? [spec.name, drawn(spec, weight)] : read(spec, tensor))),
      ),
      unused: new Map(
        ranker.unused.flatMap((spec) => {
          const tensor = storedAs(weights, spec, prefix, folder);
          return tensor === null ? [] : [read(spec, tensor)];
        }),
      ),
      initialised: planned.filter(({ tensor }) => tensor === null).map(({ spec }) => spec.name),
    };
  } finally {
    weights.close();
  }
}

/** The stored tensor of a parameter; null for one of a head that is missing or of another shape. */
function storedAs(weights: Weights, spec: ParameterSpec, prefix: string, folder: string): StoredTensor | null {
  const tensor = findTensor(weights, spec.name, prefix);
  if (tensor !== undefined && tensor.shape.join() === spec.shape.join()) return tensor;
  if (spec.block === 'classifier' || spec.block === 'pooler') return null;
  const found = tensor === undefined ? 'is missing' : `has shape [${tensor.shape.join(', ')}]`;
  throw new ProblemError({
    code: 'bad-parameter',
    message: `parameter ${spec.name} ${found}, expected [${spec.shape.join(', ')}] by config.json`,
    where: folder,
    next: 'Check that config.json and model.safetensors belong together.',
  });
}

/** A tensor by its name with or without the family's prefix, and by the names that it had earlier. */
function findTensor(weights: Weights, name: string, prefix: string): StoredTensor | undefined {
  return [name, name.startsWith(prefix) ? name.slice(prefix.length) : prefix + name]
    .flatMap((candidate) => [candidate, oldNormName(candidate)])
    .map((candidate) => weights.find(candidate))
    .find((tensor) => tensor !== undefined);
}

/** Names of LayerNorm parameters in checkpoints of TensorFlow descent. */
function oldNormName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta');
}

/** As transformers initialises a head: weights at random, biases 0. */
function drawn({ shape, hasDecay }: ParameterSpec, weight: () => number): FloatTensor {
  const data = new Float32Array(nElements(shape));
  return { shape, data: hasDecay ? data.map(weight) : data };
}

/** A sparse file may claim terabytes. */
function requireMemory(specs: readonly ParameterSpec[], folder: string): void {
  const needed = specs.reduce((sum, { shape }) => sum + 4 * nElements(shape), 0);
  if (needed <= totalmem()) return;
  throw new ProblemError({
    code: 'model-too-large',
    message: `the parameters take ${bytesText(needed)}, this machine has ${bytesText(totalmem())} of memory`,
    where: folder,
    next: 'Choose a smaller model.',
  });
}

function nElements(shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1);
}
