import type { Value } from '../../graph/graph.ts';
import { add, gelu, matmul, reshape, softmax, transpose } from '../../graph/ops.ts';
import type { Architecture } from '../architecture.ts';
import type { Dropout } from './dropout.ts';
import type { Encoded, Encoder, EncoderDropout } from './encoder.ts';
import { embed, linear, normalise, type Parameters } from './layers.ts';
import type { Dense, EmbeddingTables, Norm, ParameterSpec } from './parameter-spec.ts';
import type { Tower } from './tower.ts';

/** A layer of self-attention and feed-forward, each with a residual and LayerNorm behind it. */
export interface PostNormLayer {
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  readonly attentionOutput: Dense;
  readonly attentionNorm: Norm;
  readonly intermediate: Dense;
  readonly output: Dense;
  readonly outputNorm: Norm;
}

/** The parameters of an encoder of such layers. */
export interface PostNormParts {
  readonly tables: EmbeddingTables;
  readonly embeddingNorm: Norm;
  readonly layers: readonly PostNormLayer[];
}

/** Where an encoder of the kind differs between families. */
export interface PostNormOptions {
  /** Whether what attention gives is dropped before its residual, as BERT does and DistilBERT does not. */
  readonly dropsAttentionOutput: boolean;
}

/**
 * An encoder of such layers (Devlin et al. 2019). Dropout sites: `embeddings`, and of layer i `i.attention`, `i.attentionOutput` where the
 * family has it, `i.output`.
 */
export function postNormEncoder(architecture: Architecture, parts: PostNormParts, options: PostNormOptions): Encoder {
  return {
    specs: specsOf(parts),
    tables: parts.tables,
    encode: (parameters, tower, dropout) => encode(architecture, parts, options, parameters, tower, dropout),
  };
}

/** In checkpoint order. */
function specsOf({ tables, embeddingNorm, layers }: PostNormParts): readonly ParameterSpec[] {
  const affine = layers.flatMap((layer) => [
    ...[layer.query, layer.key, layer.value, layer.attentionOutput, layer.attentionNorm],
    ...[layer.intermediate, layer.output, layer.outputNorm],
  ]);
  return [
    ...tables.map(({ spec }) => spec),
    ...[embeddingNorm, ...affine].flatMap(({ weight, bias }) => [weight, bias]),
  ];
}

function encode(
  architecture: Architecture,
  parts: PostNormParts,
  { dropsAttentionOutput }: PostNormOptions,
  parameters: Parameters,
  tower: Tower,
  dropout: EncoderDropout,
): Encoded {
  const { layerNormEpsilon: epsilon, hiddenDropout: p } = architecture;
  const embeddingSum = embed(parameters, parts.tables, tower);
  let hidden = dropout.embeddings(normalise(parameters, embeddingSum, parts.embeddingNorm, epsilon), 'embeddings', p);
  parts.layers.forEach((layer, i) => {
    const drop: Dropout = (x, site, probability) => dropout.encoder(x, `${i}.${site}`, probability);
    const context = linear(
      parameters,
      selfAttention(architecture, layer, parameters, tower, hidden, drop),
      layer.attentionOutput,
    );
    const attended = dropsAttentionOutput ? drop(context, 'attentionOutput', p) : context;
    const middle = normalise(parameters, add(attended, hidden), layer.attentionNorm, epsilon);
    const output = linear(parameters, gelu(linear(parameters, middle, layer.intermediate)), layer.output);
    hidden = normalise(parameters, add(drop(output, 'output', p), middle), layer.outputNorm, epsilon);
  });
  return { hidden, embeddingSum };
}

/** softmax(Q·Kᵀ/√d + mask)·V over all heads: `[rows, hidden]` to `[rows, hidden]`. */
function selfAttention(
  { nHeads, hidden, attentionDropout }: Architecture,
  layer: PostNormLayer,
  parameters: Parameters,
  { batch, tokens, rows, maskBias }: Tower,
  x: Value,
  drop: Dropout,
): Value {
  const headSize = hidden / nHeads;
  const heads = (projected: Value, perm: readonly number[]): Value =>
    transpose(reshape(projected, [batch, tokens, nHeads, headSize]), perm);
  // The scale of the scores goes into the query projection, where it costs no pass over memory.
  const query = heads(linear(parameters, x, layer.query, 1 / Math.sqrt(headSize)), [0, 2, 1, 3]);
  const key = heads(linear(parameters, x, layer.key), [0, 2, 3, 1]);
  const value = heads(linear(parameters, x, layer.value), [0, 2, 1, 3]);
  const weights = drop(softmax(add(matmul(query, key), maskBias)), 'attention', attentionDropout);
  return reshape(transpose(matmul(weights, value), [0, 2, 1, 3]), [rows, hidden]);
}
