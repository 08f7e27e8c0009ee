import type { MicroBatch } from '../../../src/engine/engine.ts';
import { addRows, towerFeeds } from '../../../src/engine/onnx/feeds.ts';
import { compile } from '../../../src/engine/onnx/session.ts';
import { bindShape } from '../../../src/graph/shape.ts';
import type { LossName } from '../../../src/losses/losses.ts';
import { trainingGraph } from '../../../src/model/graphs.ts';
import { parameterFeeds, type ParameterSet } from '../../../src/model/parameter-set.ts';
import type { Ranker } from '../../../src/model/rankers/ranker.ts';

/** Masks of dropout by site, row-major. */
export type Masks = Readonly<Record<string, Float32Array>>;

/** A training step of one micro-batch, with all blocks trained and the model's own dropout, whose masks the caller gives. */
export interface MaskedStep {
  /** Where the graph drops, with the sizes of this micro-batch; names are without `dropout:`. */
  readonly sites: readonly { readonly name: string; readonly shape: readonly number[]; readonly probability: number }[];
  /** Loss and gradients by parameter name. Masks of sites that the graph does not have are ignored. */
  run(masks: Masks): Promise<{ readonly loss: number; readonly gradients: ReadonlyMap<string, Float32Array> }>;
  dispose(): Promise<void>;
}

const SITE = /^dropout:/;

/** Compiles the training graph for a micro-batch. */
export async function maskedStep(
  ranker: Ranker,
  parameters: ParameterSet,
  loss: LossName,
  { towers: sequences, lossInputs }: MicroBatch,
): Promise<MaskedStep> {
  const { config, pooling } = ranker;
  const trainedBlocks = new Set(['embeddings', 'encoder', 'pooler', 'classifier'] as const);
  const graph = trainingGraph(ranker, { loss, trainedBlocks, dropout: null, hasDropoutInFrozen: false });
  const executable = await compile(graph.graph, graph.outputs, { device: 'cpu', threads: null });
  const towers = graph.towers.map(({ prefix }, i) => towerFeeds(sequences[i]!, config, pooling, prefix));
  const binding = Object.assign({}, ...towers.map((tower) => tower.binding)) as Record<string, number>;
  const feeds = {
    ...parameterFeeds(parameters),
    ...Object.fromEntries(towers.flatMap((tower) => Object.entries(tower.feeds))),
    ...Object.fromEntries(Object.entries(lossInputs).map(([name, data]) => [name, Float32Array.from(data)])),
  };
  return {
    sites: graph.dropoutSites.map(({ name, shape, probability }) => ({
      name: name.replace(SITE, ''),
      shape: bindShape(shape, binding),
      probability,
    })),
    async run(masks) {
      const inputs = Object.fromEntries(Object.entries(masks).map(([site, mask]) => [`dropout:${site}`, mask]));
      const results = await executable.run({ ...feeds, ...inputs }, binding);
      const gradients = new Map(results.gradients);
      for (const { spec, by } of ranker.tables) {
        const table = new Float32Array(parameters.get(spec.name)!.data.length);
        gradients.set(spec.name, table);
        towers.forEach(({ lookups }, i) => addRows(results.embeddings[i]!, lookups, by, config.hidden, table));
      }
      return { loss: results.loss[0]!, gradients };
    },
    dispose: () => executable.dispose(),
  };
}
