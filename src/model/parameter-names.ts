import type { BlockName } from '../config/options/names.ts';
import type { Architecture, Family } from './architecture.ts';

/** A linear layer's parameters: `weight` `[out, in]` and `bias` `[out]`; a LayerNorm's: both `[hidden]`. */
export interface Affine {
  readonly weight: string;
  readonly bias: string;
}

export interface LayerNames {
  readonly query: Affine;
  readonly key: Affine;
  readonly value: Affine;
  readonly attentionOutput: Affine;
  readonly attentionNorm: Affine;
  readonly intermediate: Affine;
  readonly output: Affine;
  readonly outputNorm: Affine;
}

/** Parameter names of one model, as they stand in its checkpoint. */
export interface ParameterNames {
  readonly wordEmbeddings: string;
  readonly positionEmbeddings: string;
  /** null for families without token types. */
  readonly tokenTypeEmbeddings: string | null;
  readonly embeddingNorm: Affine;
  readonly layers: readonly LayerNames[];
  /** Dense layer between the first token and the classifier. */
  readonly pooler: Affine;
  readonly classifier: Affine;
}

const affine = (prefix: string): Affine => ({ weight: `${prefix}.weight`, bias: `${prefix}.bias` });

function bertLayer(prefix: string): LayerNames {
  return {
    query: affine(`${prefix}.attention.self.query`),
    key: affine(`${prefix}.attention.self.key`),
    value: affine(`${prefix}.attention.self.value`),
    attentionOutput: affine(`${prefix}.attention.output.dense`),
    attentionNorm: affine(`${prefix}.attention.output.LayerNorm`),
    intermediate: affine(`${prefix}.intermediate.dense`),
    output: affine(`${prefix}.output.dense`),
    outputNorm: affine(`${prefix}.output.LayerNorm`),
  };
}

function distilbertLayer(prefix: string): LayerNames {
  return {
    query: affine(`${prefix}.attention.q_lin`),
    key: affine(`${prefix}.attention.k_lin`),
    value: affine(`${prefix}.attention.v_lin`),
    attentionOutput: affine(`${prefix}.attention.out_lin`),
    attentionNorm: affine(`${prefix}.sa_layer_norm`),
    intermediate: affine(`${prefix}.ffn.lin1`),
    output: affine(`${prefix}.ffn.lin2`),
    outputNorm: affine(`${prefix}.output_layer_norm`),
  };
}

interface FamilyNames {
  /** Prefix of the encoder's parameters in a cross-encoder's checkpoint; a bare encoder has none. */
  readonly prefix: string;
  readonly layerPath: string;
  readonly layer: (prefix: string) => LayerNames;
  readonly pooler: (prefix: string) => string;
  readonly classifier: string;
}

const familyNames = {
  bert: {
    prefix: 'bert.',
    layerPath: 'encoder.layer',
    layer: bertLayer,
    pooler: (prefix) => `${prefix}pooler.dense`,
    classifier: 'classifier',
  },
  roberta: {
    prefix: 'roberta.',
    layerPath: 'encoder.layer',
    layer: bertLayer,
    pooler: () => 'classifier.dense',
    classifier: 'classifier.out_proj',
  },
  distilbert: {
    prefix: 'distilbert.',
    layerPath: 'transformer.layer',
    layer: distilbertLayer,
    pooler: () => 'pre_classifier',
    classifier: 'classifier',
  },
} as const satisfies Record<Family, FamilyNames>;

/** Prefix of the encoder's parameters in a checkpoint with a head. */
export function encoderPrefix(family: Family): string {
  return familyNames[family].prefix;
}

/** Names of the parameters; with `hasHead` as a cross-encoder's checkpoint has them, else as a bare encoder's. */
export function parameterNames(architecture: Architecture, hasHead: boolean): ParameterNames {
  const { family, nLayers, nTokenTypes } = architecture;
  const names: FamilyNames = familyNames[family];
  const prefix = hasHead ? names.prefix : '';
  return {
    wordEmbeddings: `${prefix}embeddings.word_embeddings.weight`,
    positionEmbeddings: `${prefix}embeddings.position_embeddings.weight`,
    tokenTypeEmbeddings: nTokenTypes === 0 ? null : `${prefix}embeddings.token_type_embeddings.weight`,
    embeddingNorm: affine(`${prefix}embeddings.LayerNorm`),
    layers: Array.from({ length: nLayers }, (_, i) => names.layer(`${prefix}${names.layerPath}.${i}`)),
    pooler: affine(names.pooler(prefix)),
    classifier: affine(names.classifier),
  };
}

/** A parameter of a model: its name, shape and the block that it belongs to. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly block: BlockName;
  /** Weight decay leaves biases and LayerNorm alone. */
  readonly hasDecay: boolean;
}

/** Every parameter that the model uses, in checkpoint order. `nLabels` null means a bare encoder without a head. */
export function parameterSpecs(architecture: Architecture, nLabels: number | null): ParameterSpec[] {
  const { hidden, intermediate, vocabSize, maxPositions, nTokenTypes } = architecture;
  const names = parameterNames(architecture, nLabels !== null);
  const specs: ParameterSpec[] = [];
  const matrix = (block: BlockName, name: string, shape: readonly number[]): void => {
    specs.push({ name, shape, block, hasDecay: true });
  };
  const dense = (block: BlockName, { weight, bias }: Affine, out: number, inputs: number): void => {
    matrix(block, weight, [out, inputs]);
    specs.push({ name: bias, shape: [out], block, hasDecay: false });
  };
  const norm = (block: BlockName, { weight, bias }: Affine): void => {
    for (const name of [weight, bias]) specs.push({ name, shape: [hidden], block, hasDecay: false });
  };

  matrix('embeddings', names.wordEmbeddings, [vocabSize, hidden]);
  matrix('embeddings', names.positionEmbeddings, [maxPositions, hidden]);
  if (names.tokenTypeEmbeddings !== null) matrix('embeddings', names.tokenTypeEmbeddings, [nTokenTypes, hidden]);
  norm('embeddings', names.embeddingNorm);
  for (const layer of names.layers) {
    for (const projection of [layer.query, layer.key, layer.value, layer.attentionOutput]) {
      dense('encoder', projection, hidden, hidden);
    }
    norm('encoder', layer.attentionNorm);
    dense('encoder', layer.intermediate, intermediate, hidden);
    dense('encoder', layer.output, hidden, intermediate);
    norm('encoder', layer.outputNorm);
  }
  if (nLabels !== null) {
    dense('pooler', names.pooler, hidden, hidden);
    dense('classifier', names.classifier, nLabels, hidden);
  }
  return specs;
}
