import { ProblemError } from '../vocabulary/problem.ts';
import { parameterNames, parameterSpecs, type ParameterSpec } from '../model/parameter-names.ts';
import type { ParameterSet } from '../model/parameter-set.ts';
import { parameterFeeds } from '../model/parameter-set.ts';
import { trainingGraph, type RankerSpec, type TrainingGraph, type TrainingSpec } from '../model/ranker.ts';
import { adamwUpdate, decayOnly, type AdamWOptions, type Moments, type Update } from './adamw.ts';
import type { DeviceOptions } from './device.ts';
import { dropoutMasks, type MaskBuffers, type MaskPosition } from './dropout-masks.ts';
import { addEmbeddingGradient, towerFeeds, type Sequence, type TowerFeeds } from './feeds.ts';
import { compile, type Executable } from './session.ts';

/** A batch, or the part of it that is computed at once. */
export interface MicroBatch {
  /** Sequences of each tower: pairs for a cross-encoder; queries, then products for a bi-encoder. */
  readonly towers: readonly (readonly Sequence[])[];
  /** Of the shape that the loss declares (src/model/losses.ts), row-major. */
  readonly targets: Float32Array;
  readonly weights: Float32Array;
}

/** What the forward and backward pass of a micro-batch gave, besides the gradients that were added up. */
export interface MicroResult {
  /** This micro-batch's share of the step's loss. */
  readonly loss: number;
  /** Tokens computed, padding included. */
  readonly nTokens: number;
  /** Logits of a cross-encoder; null for a bi-encoder. */
  readonly logits: Float32Array | null;
}

interface Trained {
  readonly spec: ParameterSpec;
  readonly parameter: Float32Array;
  readonly moments: Moments;
  readonly gradient: Float32Array;
}

/**
 * Gradients and AdamW for a ranker's parameters, which it updates in place. A step is one or more `accumulate` calls
 * and one `update`. Results do not depend on the number of threads.
 */
export class TrainingStep {
  readonly #graph: TrainingGraph;
  readonly #executable: Executable;
  readonly #ranker: RankerSpec;
  readonly #parameters: Record<string, Float32Array>;
  readonly #trained: ReadonlyMap<string, Trained>;
  /** Words that occurred in the step, and words that ever had a moment: rows elsewhere need no update. */
  readonly #touched: Uint8Array;
  readonly #everTouched: Uint8Array;
  readonly #maskBuffers: MaskBuffers = new Map();
  #isEmpty = true;

  readonly #hasDecay: (spec: ParameterSpec) => boolean;

  private constructor(
    graph: TrainingGraph,
    executable: Executable,
    ranker: RankerSpec,
    parameters: ParameterSet,
    hasDecay: (spec: ParameterSpec) => boolean,
  ) {
    this.#graph = graph;
    this.#hasDecay = hasDecay;
    this.#executable = executable;
    this.#ranker = ranker;
    this.#parameters = parameterFeeds(parameters);
    const tables = new Set(embeddingTables(ranker));
    const trained = parameterSpecs(ranker.architecture, ranker.nLabels).filter(
      (spec) =>
        graph.trained.some((other) => other.name === spec.name) || (graph.trainsEmbeddings && tables.has(spec.name)),
    );
    this.#trained = new Map(
      trained.map((spec) => {
        const parameter = this.#parameters[spec.name]!;
        const zeros = (): Float32Array => new Float32Array(parameter.length);
        return [spec.name, { spec, parameter, moments: { m: zeros(), v: zeros() }, gradient: zeros() }];
      }),
    );
    this.#touched = new Uint8Array(ranker.architecture.vocabSize);
    this.#everTouched = new Uint8Array(ranker.architecture.vocabSize);
  }

  /**
   * Compiles the training graph. The parameters are shared, not copied: updates are visible to the caller.
   *
   * @param hasDecay which parameters weight decay acts on; by default all but biases and LayerNorm
   */
  static async create(
    ranker: RankerSpec,
    training: TrainingSpec,
    parameters: ParameterSet,
    device: DeviceOptions,
    hasDecay = (spec: ParameterSpec): boolean => spec.hasDecay,
  ): Promise<TrainingStep> {
    const graph = trainingGraph(ranker, training);
    const executable = await compile(graph.graph, graph.outputs, device);
    return new TrainingStep(graph, executable, ranker, parameters, hasDecay);
  }

  /** Moments by parameter name, to be saved and restored in place; call `restored` after a restore. */
  get moments(): ReadonlyMap<string, Moments> {
    return new Map([...this.#trained].map(([name, { moments }]) => [name, moments]));
  }

  /** Parameters that an update changes. */
  get nTrained(): number {
    return [...this.#trained.values()].reduce((sum, { gradient }) => sum + gradient.length, 0);
  }

  /** Gradients accumulated since the last update, by parameter name. */
  get gradients(): ReadonlyMap<string, Float32Array> {
    return new Map([...this.#trained].map(([name, { gradient }]) => [name, gradient]));
  }

  /** Tells that the moments were overwritten from a checkpoint. */
  restored(): void {
    const { hidden, vocabSize } = this.#ranker.architecture;
    const moments = this.#trained.get(this.#wordTable)?.moments;
    if (moments === undefined) return;
    for (let row = 0; row < vocabSize; row++) {
      const slice = moments.v.subarray(row * hidden, (row + 1) * hidden);
      this.#everTouched[row] =
        slice.some((value) => value !== 0) ||
        moments.m.subarray(row * hidden, (row + 1) * hidden).some((value) => value !== 0)
          ? 1
          : 0;
    }
  }

  /** Runs forward and backward and adds the gradients up. */
  async accumulate(batch: MicroBatch, position: MaskPosition): Promise<MicroResult> {
    const { architecture, pooling, type } = this.#ranker;
    const towers = batch.towers.map((sequences, i) =>
      towerFeeds(sequences, architecture, type === 'cross-encoder' ? 'cls' : pooling, this.#graph.towers[i]!.prefix),
    );
    const binding = Object.fromEntries(towers.flatMap((tower) => Object.entries(tower.binding)));
    // The first micro-batch's gradients are written where they are kept, later ones are added.
    const into = Object.fromEntries(
      this.#graph.trained.map(({ name }) => [`gradient:${name}`, this.#trained.get(name)!.gradient]),
    );
    const results = await this.#executable.run(
      {
        ...this.#parameters,
        ...Object.fromEntries(towers.flatMap((tower) => Object.entries(tower.feeds))),
        ...dropoutMasks(this.#graph.dropoutSites, binding, position, this.#maskBuffers),
        targets: batch.targets,
        weights: batch.weights,
      },
      binding,
      this.#isEmpty ? into : {},
    );
    if (!this.#isEmpty) {
      for (const [name, gradient] of Object.entries(into)) addTo(gradient, results[name]!);
    }
    if (this.#graph.trainsEmbeddings) {
      towers.forEach((tower, i) =>
        this.#addEmbeddings(results[`gradient:${this.#graph.towers[i]!.prefix}embeddingSum`]!, tower),
      );
    }
    this.#isEmpty = false;
    return {
      loss: results['loss']![0]!,
      logits: results['logits'] ?? null,
      nTokens: towers.reduce((sum, { lookups }) => sum + lookups.ids.length, 0),
    };
  }

  /**
   * L2 norm of the accumulated gradient over all trained parameters. Throws a problem when it is not finite, before
   * anything is updated: it names a parameter that is not finite itself, else the one nearest to the loss whose gradient is not.
   */
  gradientNorm(): number {
    let total = 0;
    let culprit: string | null = null;
    for (const { spec, gradient } of this.#trained.values()) {
      const sum = spec.name === this.#wordTable ? this.#sumOfTouchedRows(gradient) : sumOfSquares(gradient);
      if (!Number.isFinite(sum)) culprit = spec.name;
      total += sum;
    }
    if (culprit !== null) throw this.#notFinite(culprit);
    return Math.sqrt(total);
  }

  #notFinite(gradientOf: string): ProblemError {
    const parameter = Object.entries(this.#parameters).find(([, data]) => !data.every(Number.isFinite))?.[0];
    return new ProblemError({
      ...(parameter === undefined
        ? { code: 'gradient-not-finite', message: `the gradient of ${gradientOf} is not finite`, where: gradientOf }
        : { code: 'parameter-not-finite', message: `${parameter} holds a value that is not finite`, where: parameter }),
      next: 'Lower hyperparameters.learning_rate or hyperparameters.max_grad_norm, then resume from the last checkpoint.',
    });
  }

  /**
   * One AdamW step on the accumulated gradients, clipped to `maxNorm` (null: not clipped) as torch's
   * `clip_grad_norm_` does, then clears them.
   *
   * @param t 1 for the first update of the run
   */
  update(lr: number, t: number, options: AdamWOptions, maxNorm: number | null, norm: number): void {
    const gradientScale = maxNorm === null ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    for (const trained of this.#trained.values()) {
      const update: Update = { options, lr, t, gradientScale, hasDecay: this.#hasDecay(trained.spec) };
      if (trained.spec.name === this.#wordTable) {
        this.#updateWords(trained, update);
      } else {
        adamwUpdate(trained.parameter, trained.gradient, trained.moments, update);
        if (trained.spec.block === 'embeddings') trained.gradient.fill(0);
      }
    }
    this.#isEmpty = true;
  }

  dispose(): Promise<void> {
    return this.#executable.dispose();
  }

  get #wordTable(): string {
    return embeddingTables(this.#ranker)[0]!;
  }

  #addEmbeddings(gradient: Float32Array, { lookups }: TowerFeeds): void {
    const [word, position, type] = embeddingTables(this.#ranker).map((name) => this.#trained.get(name)!.gradient);
    const tables = { word: word!, position: position!, type: type ?? null };
    addEmbeddingGradient(gradient, lookups, this.#ranker.architecture.hidden, tables, this.#touched);
  }

  #sumOfTouchedRows(gradient: Float32Array): number {
    const { hidden } = this.#ranker.architecture;
    let sum = 0;
    this.#touched.forEach((isTouched, row) => {
      if (isTouched === 1) sum += sumOfSquares(gradient.subarray(row * hidden, (row + 1) * hidden));
    });
    return sum;
  }

  /** A word that never occurred has zero gradient and moments: its update is the weight decay alone. */
  #updateWords({ parameter, gradient, moments }: Trained, update: Update): void {
    const { hidden } = this.#ranker.architecture;
    for (let row = 0; row < this.#touched.length; row++) {
      const from = row * hidden;
      const to = from + hidden;
      if (this.#touched[row] === 1) this.#everTouched[row] = 1;
      if (this.#everTouched[row] === 0) {
        decayOnly(parameter, update, from, to);
        continue;
      }
      adamwUpdate(parameter, gradient, moments, update, from, to);
      if (this.#touched[row] === 1) gradient.fill(0, from, to);
      this.#touched[row] = 0;
    }
  }
}

/** Names of the word, position and (where the family has it) token type table. */
function embeddingTables({ architecture, nLabels }: RankerSpec): string[] {
  const names = parameterNames(architecture, nLabels !== null);
  return [
    names.wordEmbeddings,
    names.positionEmbeddings,
    ...(names.tokenTypeEmbeddings === null ? [] : [names.tokenTypeEmbeddings]),
  ];
}

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
}

/** In four interleaved sums, because each addition waits for the one before it. */
function sumOfSquares(values: Float32Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    a += values[i]! * values[i]!;
    b += values[i + 1]! * values[i + 1]!;
    c += values[i + 2]! * values[i + 2]!;
    d += values[i + 3]! * values[i + 3]!;
  }
  for (let i = whole; i < values.length; i++) a += values[i]! * values[i]!;
  return a + b + (c + d);
}
