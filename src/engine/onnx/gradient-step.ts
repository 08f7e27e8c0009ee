import { trainingGraph, type TrainingGraph, type TrainingSpec } from '../../model/graphs.ts';
import { parameterFeeds, type ParameterSet } from '../../model/parameter-set.ts';
import type { ParameterSpec } from '../../model/parts/parameter-spec.ts';
import type { Ranker } from '../../model/rankers/ranker.ts';
import type { DeviceOptions, MicroBatch } from '../engine.ts';
import { dropoutMasks, type MaskBuffers, type MaskPosition } from './dropout-masks.ts';
import { addRows, towerFeeds, type TowerFeeds } from './feeds.ts';
import { compile, type Executable } from './session.ts';

/** What the forward and backward pass of a micro-batch gave, besides the gradients that were added up. */
export interface MicroResult {
  /** This micro-batch's share of the step's loss. */
  readonly loss: number;
  /** Tokens computed, padding included. */
  readonly nTokens: number;
}

/** A trained parameter's gradient. */
export interface Gradient {
  readonly spec: ParameterSpec;
  /** Of the parameter's length. */
  readonly values: Float32Array;
  /** Rows that occurred since the last `clear`, 1 each, where others are known to be zero; null where all may be anything. */
  readonly touched: Uint8Array | null;
}

/** Forward and backward passes, whose gradients add up until they are cleared. Results do not depend on the number of threads. */
export class GradientStep {
  /** By parameter, in checkpoint order. */
  readonly gradients: ReadonlyMap<string, Gradient>;
  readonly #graph: TrainingGraph;
  readonly #executable: Executable<TrainingGraph['outputs']>;
  readonly #ranker: Ranker;
  readonly #parameters: Readonly<Record<string, Float32Array>>;
  /** Where the gradients of the graph's own outputs are kept. */
  readonly #dense: ReadonlyMap<string, Float32Array>;
  readonly #maskBuffers: MaskBuffers = new Map();
  #isEmpty = true;

  private constructor(
    graph: TrainingGraph,
    executable: Executable<TrainingGraph['outputs']>,
    ranker: Ranker,
    parameters: ParameterSet,
  ) {
    this.#graph = graph;
    this.#executable = executable;
    this.#ranker = ranker;
    this.#parameters = parameterFeeds(parameters);
    const { gradients, embeddings } = graph.outputs;
    const tables = new Map(embeddings.length === 0 ? [] : ranker.tables.map(({ spec, by }) => [spec.name, by]));
    this.gradients = new Map(
      ranker.specs
        .filter(({ name }) => gradients.has(name) || tables.has(name))
        .map((spec) => {
          const values = new Float32Array(this.#parameters[spec.name]!.length);
          // Most words do not occur in a step, all positions and types do.
          const touched = tables.get(spec.name) === 'ids' ? new Uint8Array(spec.shape[0]!) : null;
          return [spec.name, { spec, values, touched }];
        }),
    );
    this.#dense = new Map([...gradients.keys()].map((name) => [name, this.gradients.get(name)!.values]));
  }

  /** Compiles the training graph. The parameters are shared, not copied. */
  static async create(
    ranker: Ranker,
    training: TrainingSpec,
    parameters: ParameterSet,
    device: DeviceOptions,
  ): Promise<GradientStep> {
    const graph = trainingGraph(ranker, training);
    return new GradientStep(graph, await compile(graph.graph, graph.outputs, device), ranker, parameters);
  }

  /** Runs forward and backward and adds the gradients up. */
  async accumulate(batch: MicroBatch, position: MaskPosition): Promise<MicroResult> {
    const { config, pooling } = this.#ranker;
    const { towers: declared, dropoutSites } = this.#graph;
    const towers = batch.towers.map((sequences, i) => towerFeeds(sequences, config, pooling, declared[i]!.prefix));
    const binding = Object.fromEntries(towers.flatMap((tower) => Object.entries(tower.binding)));
    const { loss, gradients, embeddings } = await this.#executable.run(
      {
        ...this.#parameters,
        ...Object.fromEntries(towers.flatMap(({ feeds }) => Object.entries(feeds))),
        ...dropoutMasks(dropoutSites, declared, batch, binding, position, this.#maskBuffers),
        ...Object.fromEntries(Object.entries(batch.lossInputs).map(([name, data]) => [name, Float32Array.from(data)])),
      },
      binding,
      // The first micro-batch's gradients are written where they are kept, later ones are added.
      this.#isEmpty ? { gradients: this.#dense } : {},
    );
    if (!this.#isEmpty) for (const [name, kept] of this.#dense) addTo(kept, gradients.get(name)!);
    embeddings.forEach((gradient, i) => this.#addEmbeddings(gradient, towers[i]!));
    this.#isEmpty = false;
    return { loss: loss[0]!, nTokens: towers.reduce((sum, { lookups }) => sum + lookups.ids.length, 0) };
  }

  /** Forgets the gradients. */
  clear(): void {
    this.#isEmpty = true;
    for (const { spec } of this.#ranker.tables) {
      const gradient = this.gradients.get(spec.name);
      if (gradient !== undefined) clearRows(gradient);
    }
  }

  dispose(): Promise<void> {
    return this.#executable.dispose();
  }

  #addEmbeddings(gradient: Float32Array, { lookups }: TowerFeeds): void {
    for (const { spec, by } of this.#ranker.tables) {
      const { values, touched } = this.gradients.get(spec.name)!;
      addRows(gradient, lookups, by, spec.shape[1]!, values);
      if (touched === null) continue;
      lookups[by].forEach((row, i) => {
        if (lookups.isToken[i] === 1) touched[row] = 1;
      });
    }
  }
}

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
}

function clearRows({ values, touched, spec }: Gradient): void {
  if (touched === null) {
    values.fill(0);
    return;
  }
  const width = spec.shape[1]!;
  for (let row = 0; row < touched.length; row++) {
    if (touched[row] === 1) values.fill(0, row * width, (row + 1) * width);
  }
  touched.fill(0);
}
