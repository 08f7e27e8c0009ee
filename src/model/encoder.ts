import type { Graph, Value } from '../graph/graph.ts';
import { add, gather, gelu, gemm, layerNorm, matmul, mul, reshape, softmax, transpose } from '../graph/ops.ts';
import type { Dim, Shape } from '../graph/shape.ts';
import type { Architecture } from './architecture.ts';
import type { Affine, LayerNames, ParameterNames } from './parameter-names.ts';

/** The parameters of a model as graph inputs, by name. */
export type Parameters = (name: string) => Value;

/**
 * Where dropout acts. The mask of a site is a graph input named `dropout:<tower><site>` of the shape that it multiplies: 0 or 1/(1 − p).
 */
export interface DropoutSite {
  readonly name: string;
  readonly shape: Shape;
  readonly probability: number;
}

/** One padded batch of sequences as graph inputs. `rows` is batch · tokens, row-major. */
export interface Tower {
  /** Prefix of its inputs and symbols: empty, or `q.` and `p.` where a graph encodes queries and products. */
  readonly prefix: string;
  readonly batch: Dim;
  readonly tokens: Dim;
  readonly rows: Dim;
  /** int64 `[rows]`. */
  readonly ids: Value;
  readonly positions: Value;
  readonly typeIds: Value | null;
  /** `[batch, 1, 1, tokens]`: 0 for tokens, a large negative number for padding; added to attention scores. */
  readonly maskBias: Value;
}

export interface Encoded {
  /** `[rows, hidden]`: last hidden state. */
  readonly hidden: Value;
  /** `[rows, hidden]`: word + position + token type embeddings, where the gradient leaves the graph (gradient-rules.ts). */
  readonly embeddingSum: Value;
}

/** Added to the attention score of padding: exp of it is 0 in float32, and it stays finite. */
export const PADDING_BIAS = -1e9;

/** Declares the inputs of a tower on the graph. The batch's size may be shared by two towers. */
export function declareTower(graph: Graph, architecture: Architecture, prefix = '', batch: Dim = 'batch'): Tower {
  const tokens = `${prefix}tokens`;
  const rows = `${prefix}rows`;
  return {
    prefix,
    batch,
    tokens,
    rows,
    ids: graph.input(`${prefix}ids`, [rows], 'int64'),
    positions: graph.input(`${prefix}positions`, [rows], 'int64'),
    typeIds: architecture.nTokenTypes === 0 ? null : graph.input(`${prefix}typeIds`, [rows], 'int64'),
    maskBias: graph.input(`${prefix}maskBias`, [batch, 1, 1, tokens]),
  };
}

/** Applies dropout at a site of probability p to x, or returns x. */
export type Dropout = (x: Value, site: string, p: number) => Value;

export const noDropout: Dropout = (x) => x;

/**
 * A BERT-style encoder (Devlin et al. 2019): embeddings, then layers of self-attention and feed-forward, each with a
 * residual and post-LayerNorm.
 */
export function encode(
  architecture: Architecture,
  names: ParameterNames,
  parameters: Parameters,
  tower: Tower,
  dropout: { readonly embeddings: Dropout; readonly encoder: Dropout },
): Encoded {
  const { layerNormEpsilon: epsilon, hiddenDropout } = architecture;
  let sum = add(
    gather(parameters(names.wordEmbeddings), tower.ids),
    gather(parameters(names.positionEmbeddings), tower.positions),
  );
  if (names.tokenTypeEmbeddings !== null && tower.typeIds !== null) {
    sum = add(sum, gather(parameters(names.tokenTypeEmbeddings), tower.typeIds));
  }
  const norm = (x: Value, { weight, bias }: Affine): Value =>
    layerNorm(x, parameters(weight), parameters(bias), epsilon);
  let hidden = dropout.embeddings(norm(sum, names.embeddingNorm), 'embeddings', hiddenDropout);
  names.layers.forEach((layer, i) => {
    const linear = (x: Value, { weight, bias }: Affine, alpha = 1): Value =>
      gemm(x, parameters(weight), { transB: true, bias: parameters(bias), alpha });
    const drop: Dropout = (x, site, p) => dropout.encoder(x, `${i}.${site}`, p);
    const context = selfAttention(architecture, layer, linear, tower, hidden, drop);
    const attended = drop(linear(context, layer.attentionOutput), 'attentionOutput', hiddenDropout);
    const middle = norm(add(attended, hidden), layer.attentionNorm);
    const output = linear(gelu(linear(middle, layer.intermediate)), layer.output);
    hidden = norm(add(drop(output, 'output', hiddenDropout), middle), layer.outputNorm);
  });
  return { hidden, embeddingSum: sum };
}

/** softmax(Q·Kᵀ/√d + mask)·V over all heads: `[rows, hidden]` to `[rows, hidden]`. */
function selfAttention(
  { nHeads, hidden, attentionDropout }: Architecture,
  layer: LayerNames,
  linear: (x: Value, layer: Affine, alpha?: number) => Value,
  { batch, tokens, rows, maskBias }: Tower,
  x: Value,
  drop: Dropout,
): Value {
  const headSize = hidden / nHeads;
  const heads = (projected: Value, perm: readonly number[]): Value =>
    transpose(reshape(projected, [batch, tokens, nHeads, headSize]), perm);
  // The scale of the scores goes into the query projection, where it costs no pass over memory.
  const query = heads(linear(x, layer.query, 1 / Math.sqrt(headSize)), [0, 2, 1, 3]);
  const key = heads(linear(x, layer.key), [0, 2, 3, 1]);
  const value = heads(linear(x, layer.value), [0, 2, 1, 3]);
  const weights = drop(softmax(add(matmul(query, key), maskBias)), 'attention', attentionDropout);
  return reshape(transpose(matmul(weights, value), [0, 2, 1, 3]), [rows, hidden]);
}

/** Weighted sum of each sequence's hidden states: weights `[batch, 1, tokens]`, result `[batch, hidden]`. */
export function pool(hidden: Value, weights: Value, { batch, tokens }: Tower): Value {
  const size = hidden.shape[1]!;
  return reshape(matmul(weights, reshape(hidden, [batch, tokens, size])), [batch, size]);
}

/** A dropout that declares its masks as inputs of the graph and records their sites. */
export function maskedDropout(graph: Graph, tower: Tower, sites: DropoutSite[]): Dropout {
  return (x, site, probability) => {
    if (probability === 0) return x;
    const name = `dropout:${tower.prefix}${site}`;
    sites.push({ name, shape: x.shape, probability });
    return mul(x, graph.input(name, x.shape));
  };
}
