import type { Value } from '../graph/graph.ts';
import type { Shape } from '../graph/shape.ts';
import type { Gains, Label } from '../vocabulary/label.ts';
import type { ModelType } from '../vocabulary/model-type.ts';

/** What a cross-encoder gives to its loss. Pairs are the products of the examples one after the other, each with its query. */
export interface CrossOutputs {
  /** `[pairs, labels]` */
  readonly logits: Value;
}

/** What a bi-encoder gives to its loss. */
export interface BiOutputs {
  /** Unit vectors `[pairs, hidden]`: of each pair's query. */
  readonly queries: Value;
  /** Unit vectors `[pairs, hidden]`. */
  readonly products: Value;
  /** Of each pair, `[pairs]`. */
  readonly cosines: Value;
}

export interface OutputsOf {
  readonly 'cross-encoder': CrossOutputs;
  readonly 'bi-encoder': BiOutputs;
}

/** A batch, or a part of one, as far as a loss sees it. */
export interface LabelledBatch {
  /** Labels of the products of each example. */
  readonly labels: readonly (readonly Label[])[];
  /** Examples that the loss is the mean over: those of the whole optimiser step, of which these may be a part. */
  readonly nExamples: number;
  /** Outputs of a cross-encoder; 1 for a bi-encoder. */
  readonly nLabels: number;
  readonly gains: Gains;
}

/** An input of a loss's graph that follows from labels alone. */
export interface LossInput<Outputs> {
  readonly shape: (outputs: Outputs) => Shape;
  /** Row-major, of that shape. */
  readonly data: (batch: LabelledBatch) => readonly number[];
}

/** Which gains can be learned. */
export interface GainRange {
  readonly least: number;
  readonly most: number;
  /** Whether other gains are refused; otherwise they are remarked on. */
  readonly isStrict: boolean;
}

/** One loss, for a type of model: everything that any part of this product has to know of it. */
export interface LossFor<T extends ModelType> {
  readonly modelType: T;
  /**
   * What it learns from: given the labels of a query's products, the examples as lists of products. A list of one is a pair; a loss
   * over whole rankings takes all products as one list.
   */
  readonly examples: (labels: readonly Label[]) => readonly (readonly number[])[];
  /** What no two examples of a batch may have in common; null where any may meet. */
  readonly apart: 'query' | 'product' | null;
  /** Whether the other examples of a batch are its negatives: then a batch of one teaches nothing, and results depend on the size. */
  readonly hasInBatchNegatives: boolean;
  readonly inputs: Readonly<Record<string, LossInput<OutputsOf[T]>>>;
  /**
   * The loss as a scalar: a sum whose weights, an input, add up to 1 over all parts of an optimiser step, so that accumulated gradients are
   * those of the mean over the whole step.
   */
  readonly graph: (outputs: OutputsOf[T], input: (name: string) => Value) => Value;
  readonly gains: GainRange | null;
  /** Names by which other tools know it, in lower case without separators. */
  readonly otherNames: readonly string[];
  /** Half a sentence for the option's help. */
  readonly help: string;
  /** Paper, or where the same formula stands. */
  readonly reference: string;
}

/** A loss of a cross-encoder, which decides what the outputs mean that it trains. */
export interface CrossLoss extends LossFor<'cross-encoder'> {
  /** Score of a pair from its logits `[labels]`; higher is better. */
  readonly score: (logits: ArrayLike<number>, gains: Gains) => number;
}

/** A loss of a bi-encoder, whose scores are cosines. */
export type BiLoss = LossFor<'bi-encoder'>;

export interface LossOf {
  readonly 'cross-encoder': CrossLoss;
  readonly 'bi-encoder': BiLoss;
}

export type Loss = LossOf[ModelType];
