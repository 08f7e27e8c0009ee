import type { Graph } from '../../graph/graph.ts';
import { lossOf } from '../../losses/losses.ts';
import { FAMILIES } from '../families/families.ts';
import { buildLoss } from '../loss-graph.ts';
import type { ModelConfig } from '../model-config.ts';
import { noDropout } from '../parts/dropout.ts';
import { pool } from '../parts/tower.ts';
import type { Ranker, RankerOptions, QueryTexts, ScoringPlan } from './ranker.ts';

/** Without the identity, sentence-transformers applies a sigmoid to a single label. */
const IDENTITY = 'torch.nn.modules.linear.Identity';

/** Reads query and product together (Nogueira & Cho 2019, arXiv:1901.04085): the head's logits at the first token are what it says. */
export function crossEncoder(config: ModelConfig, { nLabels }: RankerOptions): Ranker {
  const family = FAMILIES[config.family];
  const encoder = family.encoder(config, family.prefix);
  const head = family.head(config, nLabels);
  const labels = Array.from({ length: nLabels }, (_, i) => `LABEL_${i}`);
  return {
    type: 'cross-encoder',
    config,
    specs: [...encoder.specs, ...head.specs],
    tables: encoder.tables,
    encode: encoder.encode,
    unused: [],
    nLabels,
    pooling: 'cls',
    towers: [''],
    textsOf: (query, products) => [products.map((product) => [query, product])],
    trainingLoss(name, [encoded], parameters, dropout) {
      const { hidden, tower } = encoded!;
      const logits = head.classify(parameters, pool(hidden, tower), dropout('classifier'));
      return buildLoss(logits.graph, lossOf('cross-encoder', name), { logits });
    },
    outputLoss: (name, graph: Graph) =>
      buildLoss(graph, lossOf('cross-encoder', name), { logits: graph.input('logits', ['batch', nLabels]) }),
    width: nLabels,
    output: ({ hidden, tower }, parameters) => head.classify(parameters, pool(hidden, tower), noDropout),
    plan: (queries) => planPairs(queries, nLabels),
    exported: { task: 'sequence-classification', output: 'logits' },
    exportedOutputs: (_, logits) => ({ logits }),
    savedConfig: {
      architectures: [family.classes.head],
      id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
      label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
      sentence_transformers: { activation_fn: IDENTITY },
      sbert_ce_default_activation_function: IDENTITY,
    },
    savedFiles: () => ({}),
    card: {
      library: 'transformers',
      pipeline: 'text-ranking',
      usage: ['from sentence_transformers import CrossEncoder', 'model = CrossEncoder(".")'],
    },
  };
}

function planPairs(queries: readonly QueryTexts[], nLabels: number): ScoringPlan {
  let nPairs = 0;
  const firstPair = queries.map(({ products }) => (nPairs += products.length) - products.length);
  return {
    texts: queries.flatMap(({ query, products }) => products.map((product) => [query, product] as const)),
    read(outputs) {
      const logitsOf = (pair: number): Float32Array => outputs.subarray(pair * nLabels, (pair + 1) * nLabels);
      return {
        scores({ loss, gains }) {
          const { score } = lossOf('cross-encoder', loss);
          return queries.map(({ products }, i) =>
            Float32Array.from(products, (_, j) => score(logitsOf(firstPair[i]! + j), gains)),
          );
        },
        lossFeeds(examples) {
          const pairs = examples.flatMap(({ query, products }) =>
            products.map((product) => firstPair[query]! + product),
          );
          const logits = new Float32Array(pairs.length * nLabels);
          pairs.forEach((pair, row) => logits.set(logitsOf(pair), row * nLabels));
          return { logits };
        },
      };
    },
  };
}
