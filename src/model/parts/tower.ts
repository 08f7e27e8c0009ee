import type { Graph, Value } from '../../graph/graph.ts';
import { matmul, reshape } from '../../graph/ops.ts';
import type { Dim } from '../../graph/shape.ts';
import type { LookupName } from './parameter-spec.ts';

/** One padded batch of sequences as graph inputs. `rows` is sequences · tokens, row-major. */
export interface Tower {
  /** Prefix of its inputs and symbols: empty, or `q.` and `p.` where a graph encodes queries and products. */
  readonly prefix: string;
  readonly batch: Dim;
  readonly tokens: Dim;
  readonly rows: Dim;
  /** Rows of the embedding tables, int64 `[rows]` each. */
  readonly lookups: Readonly<Record<LookupName, Value<'int64'>>>;
  /** `[batch, 1, 1, tokens]`: 0 for tokens, a large negative number for padding; added to attention scores. */
  readonly maskBias: Value;
  /** `[batch, 1, tokens]`: 1 at the first token, or 1/n at each of n tokens. */
  readonly poolWeights: Value;
}

/** Added to the attention score of padding: exp of it is 0 in float32, and it stays finite. */
export const PADDING_BIAS = -1e9;

/** Declares the inputs of a tower on the graph; towers of one graph have as many sequences as one another. Those that nothing reads are left out when it is compiled. */
export function declareTower(graph: Graph, prefix = ''): Tower {
  const batch = 'batch';
  const tokens = `${prefix}tokens`;
  const rows = `${prefix}rows`;
  return {
    prefix,
    batch,
    tokens,
    rows,
    lookups: {
      ids: graph.input(`${prefix}ids`, [rows], 'int64'),
      positions: graph.input(`${prefix}positions`, [rows], 'int64'),
      typeIds: graph.input(`${prefix}typeIds`, [rows], 'int64'),
    },
    maskBias: graph.input(`${prefix}maskBias`, [batch, 1, 1, tokens]),
    poolWeights: graph.input(`${prefix}poolWeights`, [batch, 1, tokens]),
  };
}

/** Weighted sum of each sequence's hidden states: `[rows, hidden]` to `[batch, hidden]`. */
export function pool(hidden: Value, { batch, tokens, poolWeights }: Tower): Value {
  const size = hidden.shape[1]!;
  return reshape(matmul(poolWeights, reshape(hidden, [batch, tokens, size])), [batch, size]);
}
