import type { Value } from '../../graph/graph.ts';
import { add, div, mul, reduceSum, reshape, sqrt } from '../../graph/ops.ts';
import type { BiOutputs } from '../../losses/loss.ts';
import { lossOf } from '../../losses/losses.ts';
import { FAMILIES } from '../families/families.ts';
import { buildLoss } from '../loss-graph.ts';
import type { ModelConfig } from '../model-config.ts';
import { pool } from '../parts/tower.ts';
import type { QueryTexts, Ranker, RankerOptions, ScoringPlan } from './ranker.ts';

/** Embeds query and product each alone, by the same encoder (Reimers & Gurevych 2019, arXiv:1908.10084): the score is the cosine. */
export function biEncoder(config: ModelConfig, { pooling, isNormalised }: RankerOptions): Ranker {
  const family = FAMILIES[config.family];
  const { hidden } = config;
  const encoder = family.encoder(config, '');
  return {
    type: 'bi-encoder',
    config,
    specs: encoder.specs,
    tables: encoder.tables,
    encode: encoder.encode,
    unused: family.unused(config),
    nLabels: 1,
    pooling,
    towers: ['q.', 'p.'],
    textsOf: (query, products) => [products.map(() => [query]), products.map((product) => [product])],
    trainingLoss(name, towers) {
      const [queries, products] = towers.map((encoded) => unit(pool(encoded.hidden, encoded.tower))) as [Value, Value];
      return buildLoss(queries.graph, lossOf('bi-encoder', name), outputsOf(queries, products));
    },
    outputLoss: (name, graph) =>
      buildLoss(graph, lossOf('bi-encoder', name), {
        queries: graph.input('queries', ['batch', hidden]),
        products: graph.input('products', ['batch', hidden]),
        cosines: graph.input('cosines', ['batch']),
      }),
    width: hidden,
    output(encoded) {
      const pooled = pool(encoded.hidden, encoded.tower);
      return isNormalised ? unit(pooled) : pooled;
    },
    plan: (queries) => planTexts(queries, hidden),
    exported: { task: 'feature-extraction', output: 'sentence_embedding' },
    exportedOutputs: ({ hidden: states, tower }, embedding) => ({
      last_hidden_state: reshape(states, [tower.batch, tower.tokens, hidden]),
      sentence_embedding: embedding,
    }),
    savedConfig: { architectures: [family.classes.encoder] },
    savedFiles: (maxLength) => sentenceTransformerFiles(hidden, { pooling, isNormalised, maxLength }),
    card: {
      library: 'sentence-transformers',
      pipeline: 'sentence-similarity',
      usage: ['from sentence_transformers import SentenceTransformer', 'model = SentenceTransformer(".")'],
    },
  };
}

/** x/‖x‖ by rows; the square of the norm is kept away from 0 as torch's `normalize` does for the norm. */
function unit(x: Value): Value {
  return div(x, sqrt(add(reduceSum(mul(x, x), [-1], true), 1e-24)));
}

function outputsOf(queries: Value, products: Value): BiOutputs {
  return { queries, products, cosines: reduceSum(mul(queries, products), [-1]) };
}

/** Each distinct text is embedded once. */
function planTexts(queries: readonly QueryTexts[], width: number): ScoringPlan {
  const places = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = places.get(text) ?? places.size;
    places.set(text, place);
    return place;
  };
  const rows = queries.map(({ query, products }) => ({ query: placeOf(query), products: products.map(placeOf) }));
  return {
    texts: Array.from(places.keys(), (text) => [text] as const),
    read(outputs) {
      const vectors = Array.from({ length: places.size }, (_, i) =>
        unitOf(outputs.subarray(i * width, (i + 1) * width)),
      );
      const cosine = (query: number, product: number): number => dot(vectors[query]!, vectors[product]!);
      return {
        scores: () =>
          rows.map(({ query, products }) => Float32Array.from(products, (product) => cosine(query, product))),
        lossFeeds(examples) {
          const pairs = examples.flatMap(({ query, products }) =>
            products.map((i) => ({ query: rows[query]!.query, product: rows[query]!.products[i]! })),
          );
          const stacked = (vectorOf: (pair: (typeof pairs)[number]) => number): Float32Array => {
            const all = new Float32Array(pairs.length * width);
            pairs.forEach((pair, i) => all.set(vectors[vectorOf(pair)]!, i * width));
            return all;
          };
          return {
            queries: stacked(({ query }) => query),
            products: stacked(({ product }) => product),
            cosines: Float32Array.from(pairs, ({ query, product }) => cosine(query, product)),
          };
        },
      };
    },
  };
}

function unitOf(vector: Float32Array): Float32Array {
  const norm = Math.sqrt(dot(vector, vector)) || 1;
  return vector.map((value) => value / norm);
}

/** Inner product of two vectors of equal length, in float64. */
function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** What sentence-transformers needs to give the same vectors. */
function sentenceTransformerFiles(
  hidden: number,
  {
    pooling,
    isNormalised,
    maxLength,
  }: Pick<RankerOptions, 'pooling' | 'isNormalised'> & { readonly maxLength: number },
): Readonly<Record<string, unknown>> {
  const modules = [
    ['', 'Transformer'],
    ['1_Pooling', 'Pooling'],
    ...(isNormalised ? [['2_Normalize', 'Normalize']] : []),
  ];
  return {
    'modules.json': modules.map(([path, kind], idx) => ({
      ...{ idx, name: String(idx), path },
      type: `sentence_transformers.models.${kind}`,
    })),
    'sentence_bert_config.json': { max_seq_length: maxLength, do_lower_case: false },
    ...(isNormalised ? { '2_Normalize/': null } : {}),
    '1_Pooling/config.json': {
      word_embedding_dimension: hidden,
      pooling_mode_cls_token: pooling === 'cls',
      pooling_mode_mean_tokens: pooling === 'mean',
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
    },
  };
}
