import type { BlockName, LossName, ModelType, Pooling } from '../config/options/names.ts';
import { gradients } from '../graph/backward.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add, div, gemm, mul, reduceSum, relu, sqrt, tanh } from '../graph/ops.ts';
import type { Architecture } from './architecture.ts';
import {
  declareTower,
  encode,
  maskedDropout,
  noDropout,
  pool,
  type Dropout,
  type DropoutSite,
  type Encoded,
  type Parameters,
  type Tower,
} from './encoder.ts';
import { biLoss, crossLoss } from './losses.ts';
import { parameterNames, parameterSpecs, type ParameterSpec } from './parameter-names.ts';

/** What a ranker is made of, apart from its parameters. */
export interface RankerSpec {
  readonly architecture: Architecture;
  readonly type: ModelType;
  /** Outputs of a cross-encoder's classifier; null for a bi-encoder. */
  readonly nLabels: number | null;
  /** How a bi-encoder pools token vectors; a cross-encoder reads its first token. */
  readonly pooling: Pooling;
  /** Whether a bi-encoder's embeddings are unit vectors. Training always compares by cosine. */
  readonly isNormalised: boolean;
}

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

/** A tower together with the pooling weights that its last hidden states are read with. */
export interface PooledTower extends Tower {
  /** `[batch, 1, tokens]`: 1 at the first token, or 1/n at each of n tokens. */
  readonly poolWeights: Value;
}

/** Loss and gradients of one batch. */
export interface TrainingGraph {
  readonly graph: Graph;
  /** Outputs: `loss`; `logits` of a cross-encoder; `gradient:NAME` and `gradient:<tower>embeddingSum`. */
  readonly outputs: Readonly<Record<string, Value>>;
  readonly towers: readonly PooledTower[];
  /** Parameters whose gradient is an output of the graph. */
  readonly trained: readonly ParameterSpec[];
  /** Whether the embedding tables are trained, by way of the gradient of the embedding sum. */
  readonly trainsEmbeddings: boolean;
  readonly dropoutSites: readonly DropoutSite[];
}

/** Scores of a cross-encoder or embeddings of a bi-encoder for one batch. */
export interface ScoringGraph {
  readonly graph: Graph;
  /** Output: `logits` `[batch, labels]` or `embedding` `[batch, hidden]`. */
  readonly outputs: Readonly<Record<string, Value>>;
  readonly tower: PooledTower;
  /** Last hidden states `[rows, hidden]`. */
  readonly hidden: Value;
}

/** The graph of one training step: forward, loss, backward. */
export function trainingGraph(ranker: RankerSpec, training: TrainingSpec): TrainingGraph {
  const graph = new Graph();
  const { parameters, inputs } = declareParameters(graph, ranker);
  const sites: DropoutSite[] = [];
  const build = (prefix: string): { tower: PooledTower; encoded: Encoded; drop: (block: BlockName) => Dropout } => {
    const tower = pooledTower(graph, ranker.architecture, prefix);
    const drop = (block: BlockName): Dropout => {
      if (!training.trainedBlocks.has(block) && !training.hasDropoutInFrozen) return noDropout;
      const masked = maskedDropout(graph, tower, sites);
      return (x, site, p) => masked(x, site, training.dropout ?? p);
    };
    const dropouts = { embeddings: drop('embeddings'), encoder: drop('encoder') };
    const names = parameterNames(ranker.architecture, ranker.nLabels !== null);
    return { tower, encoded: encode(ranker.architecture, names, parameters, tower, dropouts), drop };
  };

  let loss: Value;
  let towers: { tower: PooledTower; encoded: Encoded }[];
  const outputs: Record<string, Value> = {};
  if (ranker.type === 'cross-encoder') {
    const side = build('');
    towers = [side];
    const logits = classify(ranker, parameters, side.encoded, side.tower, side.drop('classifier'));
    outputs['logits'] = logits;
    loss = crossLoss(training.loss, {
      logits,
      targets: graph.input('targets', logits.shape),
      weights: graph.input('weights', logits.shape),
    });
  } else {
    towers = [build('q.'), build('p.')];
    const [queries, products] = towers.map(({ tower, encoded }) =>
      unit(pool(encoded.hidden, tower.poolWeights, tower)),
    );
    loss = biLoss(training.loss, {
      queries: queries!,
      products: products!,
      targets: graph.input('targets', ['batch']),
      weights: graph.input('weights', training.loss === 'multiple-negatives' ? ['batch', 'batch'] : ['batch']),
    });
  }
  outputs['loss'] = loss;

  // The embedding tables take their gradient by way of the embedding sum (gradient-rules.ts, gather).
  const isTable = (spec: ParameterSpec): boolean => spec.name.includes('_embeddings.');
  const trained = inputs.specs.filter((spec) => training.trainedBlocks.has(spec.block) && !isTable(spec));
  const trainsEmbeddings = training.trainedBlocks.has('embeddings');
  const sums = trainsEmbeddings ? towers.map(({ encoded }) => encoded.embeddingSum) : [];
  const results = gradients(loss, [...trained.map((spec) => parameters(spec.name)), ...sums]);
  trained.forEach((spec, i) => (outputs[`gradient:${spec.name}`] = results[i]!));
  sums.forEach((_, i) => {
    outputs[`gradient:${towers[i]!.tower.prefix}embeddingSum`] = results[trained.length + i]!;
  });
  return { graph, outputs, towers: towers.map(({ tower }) => tower), trained, trainsEmbeddings, dropoutSites: sites };
}

/** The graph that scores pairs (cross-encoder) or embeds texts (bi-encoder), without dropout. */
export function scoringGraph(ranker: RankerSpec): ScoringGraph {
  const graph = new Graph();
  const { parameters } = declareParameters(graph, ranker);
  const tower = pooledTower(graph, ranker.architecture, '');
  const names = parameterNames(ranker.architecture, ranker.nLabels !== null);
  const encoded = encode(ranker.architecture, names, parameters, tower, { embeddings: noDropout, encoder: noDropout });
  if (ranker.type === 'cross-encoder') {
    return {
      graph,
      tower,
      hidden: encoded.hidden,
      outputs: { logits: classify(ranker, parameters, encoded, tower, noDropout) },
    };
  }
  const pooled = pool(encoded.hidden, tower.poolWeights, tower);
  return { graph, tower, hidden: encoded.hidden, outputs: { embedding: ranker.isNormalised ? unit(pooled) : pooled } };
}

function declareParameters(
  graph: Graph,
  { architecture, nLabels }: RankerSpec,
): { parameters: Parameters; inputs: { specs: ParameterSpec[] } } {
  const specs = parameterSpecs(architecture, nLabels);
  const values = new Map(specs.map((spec) => [spec.name, graph.input(spec.name, spec.shape)]));
  const parameters: Parameters = (name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`no parameter ${name}`);
    return value;
  };
  return { parameters, inputs: { specs } };
}

function pooledTower(graph: Graph, architecture: Architecture, prefix: string): PooledTower {
  const tower = declareTower(graph, architecture, prefix);
  return { ...tower, poolWeights: graph.input(`${prefix}poolWeights`, [tower.batch, 1, tower.tokens]) };
}

/** Logits `[batch, labels]` from the first token: dense layer, activation, dropout, classifier. */
function classify(
  { architecture, nLabels }: RankerSpec,
  parameters: Parameters,
  { hidden }: Encoded,
  tower: PooledTower,
  dropout: Dropout,
): Value {
  const { pooler, classifier } = parameterNames(architecture, nLabels !== null);
  const linear = (x: Value, { weight, bias }: { weight: string; bias: string }): Value =>
    gemm(x, parameters(weight), { transB: true, bias: parameters(bias) });
  const activation = architecture.family === 'distilbert' ? relu : tanh;
  const first = pool(hidden, tower.poolWeights, tower);
  const pooled = activation(linear(first, pooler));
  return linear(dropout(pooled, 'pooled', architecture.classifierDropout), classifier);
}

/** x/‖x‖ by rows; the square of the norm is kept away from 0 as torch's `normalize` does for the norm. */
function unit(x: Value): Value {
  return div(x, sqrt(add(reduceSum(mul(x, x), [-1], true), 1e-24)));
}
