import type { BlockName, Pooling } from '../../config/options/names.ts';
import type { Json } from '../../files/json-file.ts';
import type { Graph, Value } from '../../graph/graph.ts';
import type { LossName } from '../../losses/losses.ts';
import type { Texts } from '../../tokenise/texts.ts';
import type { Gains } from '../../vocabulary/label.ts';
import type { ModelType } from '../../vocabulary/model-type.ts';
import type { ModelConfig } from '../model-config.ts';
import type { Dropout } from '../parts/dropout.ts';
import type { Parameters } from '../parts/layers.ts';
import type { ParameterSpec } from '../parts/parameter-spec.ts';
import type { Encoded, Encoder } from '../parts/encoder.ts';
import type { Tower } from '../parts/tower.ts';

/** A tower and what the encoder made of it. */
export interface EncodedTower extends Encoded {
  readonly tower: Tower;
}

/** A query with the texts of some of its products. */
export interface QueryTexts {
  readonly query: string;
  readonly products: readonly string[];
}

/** An example as places: a query of a list, and some of its products. */
export interface ExamplePlace {
  readonly query: number;
  readonly products: readonly number[];
}

/** How scores follow from outputs. */
export interface ScoreOptions {
  /** The loss that the model is, or would be, trained by. */
  readonly loss: LossName;
  readonly gains: Gains;
}

/** What the outputs for some queries say. */
export interface ScoredOutputs {
  /** Scores by query, in the order of its products; higher is better. */
  readonly scores: (options: ScoreOptions) => Float32Array[];
  /** What a loss over outputs (`Ranker.outputLoss`) is fed for some examples, by input. */
  readonly lossFeeds: (examples: readonly ExamplePlace[]) => Readonly<Record<string, Float32Array>>;
}

/** What has to be run through a model to score some queries. */
export interface ScoringPlan {
  /** Each is one sequence, and one row of outputs. */
  readonly texts: readonly Texts[];
  /** `outputs` is `[texts, width]`, row-major, in their order. */
  readonly read: (outputs: Float32Array) => ScoredOutputs;
}

/** A saved model as others run it. */
export interface ExportedForm {
  /** Which of transformers' automatic classes loads it. */
  readonly task: 'sequence-classification' | 'feature-extraction';
  /** The output of `onnx/model.onnx` that `ScoringPlan.read` takes. */
  readonly output: string;
}

/** What a model card says of a type of ranker. */
export interface CardWords {
  readonly library: string;
  readonly pipeline: string;
  /** Lines of Python that load the folder `.`. */
  readonly usage: readonly string[];
}

/** What a ranker is made from, apart from its configuration. */
export interface RankerOptions {
  /** Outputs of a head, where the ranker has one. */
  readonly nLabels: number;
  readonly pooling: Pooling;
  /** Whether embeddings are unit vectors. Training always compares by cosine. */
  readonly isNormalised: boolean;
}

/** Dropout of each block: that of frozen ones may do nothing. */
export type BlockDropout = (block: BlockName) => Dropout;

/**
 * A model that ranks, without its parameters: all that its type decides. One object a type, listed in rankers.ts; nobody else asks for
 * the type.
 */
export interface Ranker extends Pick<Encoder, 'tables' | 'encode'> {
  readonly type: ModelType;
  readonly config: ModelConfig;
  /** In checkpoint order. */
  readonly specs: readonly ParameterSpec[];
  /** Tensors of a checkpoint that this ranker has no use for: saved as they came. */
  readonly unused: readonly ParameterSpec[];
  /** Outputs a pair, as losses count them. */
  readonly nLabels: number;
  /** How a sequence's last hidden states become one vector. */
  readonly pooling: Pooling;
  /** Prefixes of the towers that a training graph encodes. */
  readonly towers: readonly string[];
  /** Texts of each tower for products of a query: as many in each tower as there are products. */
  readonly textsOf: (query: string, products: readonly string[]) => readonly (readonly Texts[])[];
  /** The loss at the end of a training graph. */
  readonly trainingLoss: (
    name: LossName,
    towers: readonly EncodedTower[],
    parameters: Parameters,
    dropout: BlockDropout,
  ) => Value;
  /** The same loss over outputs that are inputs of the graph, with symbol `batch` for pairs: for outputs that were computed before. */
  readonly outputLoss: (name: LossName, graph: Graph) => Value;
  /** Floats a sequence when scoring. */
  readonly width: number;
  /** What scoring computes, `[batch, width]`. */
  readonly output: (encoded: EncodedTower, parameters: Parameters) => Value;
  readonly plan: (queries: readonly QueryTexts[]) => ScoringPlan;
  readonly exported: ExportedForm;
  /** Outputs of `onnx/model.onnx` by name; `output` is what scoring computes. */
  readonly exportedOutputs: (encoded: EncodedTower, output: Value) => Readonly<Record<string, Value>>;
  /** What goes into a saved config.json beside what the original said. */
  readonly savedConfig: Json;
  /** Files beside a saved model, JSON by path; an empty folder by a path that ends with a slash. */
  readonly savedFiles: (maxLength: number) => Readonly<Record<string, unknown>>;
  readonly card: CardWords;
}
