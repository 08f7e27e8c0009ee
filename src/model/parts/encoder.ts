import type { Value } from '../../graph/graph.ts';
import type { Dropout } from './dropout.ts';
import type { Parameters } from './layers.ts';
import type { EmbeddingTables, ParameterSpec } from './parameter-spec.ts';
import type { Tower } from './tower.ts';

/** What an encoder makes of a tower. */
export interface Encoded {
  /** `[rows, hidden]`: last hidden state. */
  readonly hidden: Value;
  /** `[rows, hidden]`: what the embedding tables gave, where the gradient leaves the graph (gradient-rules.ts). */
  readonly embeddingSum: Value;
}

/** Dropout by the block that it acts in. */
export interface EncoderDropout {
  readonly embeddings: Dropout;
  readonly encoder: Dropout;
}

/** An encoder of given sizes. */
export interface Encoder {
  /** In checkpoint order, embedding tables first. */
  readonly specs: readonly ParameterSpec[];
  readonly tables: EmbeddingTables;
  readonly encode: (parameters: Parameters, tower: Tower, dropout: EncoderDropout) => Encoded;
}
