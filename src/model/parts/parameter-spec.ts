import type { BlockName } from '../../config/options/names.ts';

/** A parameter of a model: its name in the checkpoint, its shape and the block that it belongs to. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly block: BlockName;
  /** Weight decay leaves biases and LayerNorm alone. */
  readonly hasDecay: boolean;
}

/** A linear layer: `weight` `[out, in]` and `bias` `[out]`. */
export interface Dense {
  readonly weight: ParameterSpec;
  readonly bias: ParameterSpec;
}

/** LayerNorm: `weight` and `bias` `[hidden]`. */
export type Norm = Dense;

/** What tells the row of an embedding table that a token reads. */
export type LookupName = 'ids' | 'positions' | 'typeIds';

/** An embedding table `[rows, hidden]`. Its gradient leaves the graph as that of the looked-up rows (gradient-rules.ts, gather). */
export interface EmbeddingTable {
  readonly spec: ParameterSpec;
  readonly by: LookupName;
}

/** The tables of an encoder, that of words first. */
export type EmbeddingTables = readonly [EmbeddingTable, ...EmbeddingTable[]];

export function dense(block: BlockName, name: string, out: number, inputs: number): Dense {
  return {
    weight: { name: `${name}.weight`, shape: [out, inputs], block, hasDecay: true },
    bias: { name: `${name}.bias`, shape: [out], block, hasDecay: false },
  };
}

export function norm(block: BlockName, name: string, hidden: number): Norm {
  return {
    weight: { name: `${name}.weight`, shape: [hidden], block, hasDecay: false },
    bias: { name: `${name}.bias`, shape: [hidden], block, hasDecay: false },
  };
}

export function table(by: LookupName, name: string, rows: number, hidden: number): EmbeddingTable {
  return { spec: { name: `${name}.weight`, shape: [rows, hidden], block: 'embeddings', hasDecay: true }, by };
}
