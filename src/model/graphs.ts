/** Graphs of a ranker: one that trains it and one that scores. */
import type { BlockName } from '../config/options/names.ts';
import { gradients } from '../graph/backward.ts';
import { Graph, type Value } from '../graph/graph.ts';
import type { LossName } from '../losses/losses.ts';
import { maskedDropout, noDropout, type DropoutSite } from './parts/dropout.ts';
import type { Parameters } from './parts/layers.ts';
import type { ParameterSpec } from './parts/parameter-spec.ts';
import { declareTower, type Tower } from './parts/tower.ts';
import type { BlockDropout, EncodedTower, Ranker } from './rankers/ranker.ts';

/** How a ranker is trained, as far as the graph is concerned. */
export interface TrainingSpec {
  readonly loss: LossName;
  /** Blocks whose parameters are updated; the others are cut from the backward pass and run without dropout. */
  readonly trainedBlocks: ReadonlySet<BlockName>;
  /** Overrides the model's own dropout probabilities when not null. */
  readonly dropout: number | null;
  /** Dropout also acts in frozen blocks, as in the original pipeline. */
  readonly hasDropoutInFrozen: boolean;
}

/** Loss and gradients of one batch. */
export interface TrainingGraph {
  readonly graph: Graph;
  readonly outputs: {
    readonly loss: Value;
    /** By parameter; the embedding tables are not among them. */
    readonly gradients: ReadonlyMap<string, Value>;
    /** Of what the embedding tables gave, `[rows, hidden]`, by tower; none where the tables are frozen. */
    readonly embeddings: readonly Value[];
  };
  readonly towers: readonly Tower[];
  readonly dropoutSites: readonly DropoutSite[];
}

/** What a ranker says of one batch, without dropout. */
export interface ScoringGraph {
  readonly graph: Graph;
  /** Logits `[batch, labels]` or embeddings `[batch, hidden]`. */
  readonly output: Value;
  readonly encoded: EncodedTower;
}

/** The graph of one training step: forward, loss, backward. */
export function trainingGraph(ranker: Ranker, training: TrainingSpec): TrainingGraph {
  const graph = new Graph();
  const parameters = declareParameters(graph, ranker);
  const dropoutSites: DropoutSite[] = [];
  const towers = ranker.towers.map((prefix, i) => {
    const tower = declareTower(graph, prefix);
    const dropout: BlockDropout = (block) => {
      if (!training.trainedBlocks.has(block) && !training.hasDropoutInFrozen) return noDropout;
      const masked = maskedDropout(graph, tower, i, dropoutSites);
      return (x, site, p) => masked(x, site, training.dropout ?? p);
    };
    const byBlock = { embeddings: dropout('embeddings'), encoder: dropout('encoder') };
    return { tower, dropout, ...ranker.encode(parameters, tower, byBlock) };
  });
  const loss = ranker.trainingLoss(training.loss, towers, parameters, towers[0]!.dropout);

  const tables = new Set(ranker.tables.map(({ spec }) => spec));
  const trained = ranker.specs.filter((spec) => training.trainedBlocks.has(spec.block) && !tables.has(spec));
  const sums = training.trainedBlocks.has('embeddings') ? towers.map(({ embeddingSum }) => embeddingSum) : [];
  const results = gradients(loss, [...trained.map(parameters), ...sums]);
  return {
    graph,
    outputs: {
      loss,
      gradients: new Map(trained.map(({ name }, i) => [name, results[i]!])),
      embeddings: results.slice(trained.length),
    },
    towers: towers.map(({ tower }) => tower),
    dropoutSites,
  };
}

/** The graph that scores pairs or embeds texts. */
export function scoringGraph(ranker: Ranker): ScoringGraph {
  const graph = new Graph();
  const parameters = declareParameters(graph, ranker);
  const tower = declareTower(graph);
  const encoded = { tower, ...ranker.encode(parameters, tower, { embeddings: noDropout, encoder: noDropout }) };
  return { graph, encoded, output: ranker.output(encoded, parameters) };
}

function declareParameters(graph: Graph, { specs }: Ranker): Parameters {
  const values = new Map<ParameterSpec, Value>(specs.map((spec) => [spec, graph.input(spec.name, spec.shape)]));
  return (spec) => {
    const value = values.get(spec);
    if (value === undefined) throw new Error(`${spec.name} is no parameter of the ranker`);
    return value;
  };
}
