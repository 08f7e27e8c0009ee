import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportOnnx } from './export-onnx.ts';
import type { Family } from './architecture.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { RankerSpec } from './ranker.ts';
import { writeSafetensors } from './safetensors.ts';

export interface SaveOptions {
  /** Folder that the model was loaded from: its tokenizer files go along. */
  readonly source: string;
  /** `config.json` of the model that was loaded. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Longest sequence in tokens, special tokens included. */
  readonly maxLength: number;
  /** Tensors of the original that the ranker does not use (`LoadedModel.unused`). */
  readonly unused: ParameterSet;
  /** Text of the model card, written as README.md. */
  readonly card: string;
}

const TOKENIZER_FILES = [
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'vocab.txt',
  'vocab.json',
  'merges.txt',
  'sentencepiece.bpe.model',
  'added_tokens.json',
];

const CLASSES = {
  bert: { encoder: 'BertModel', head: 'BertForSequenceClassification' },
  roberta: { encoder: 'RobertaModel', head: 'RobertaForSequenceClassification' },
  distilbert: { encoder: 'DistilBertModel', head: 'DistilBertForSequenceClassification' },
} as const satisfies Record<Family, { encoder: string; head: string }>;

/**
 * Writes an ordinary Hugging Face folder: config.json, tokenizer, model.safetensors, onnx/model.onnx, a model card, and what
 * sentence-transformers needs to give the same scores. Not atomic: write into a temporary folder and rename it.
 */
export function saveModel(folder: string, ranker: RankerSpec, parameters: ParameterSet, options: SaveOptions): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  const json = (name: string, value: unknown): void =>
    writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  json('config.json', savedConfig(ranker, options.config));
  for (const name of TOKENIZER_FILES) {
    if (existsSync(join(options.source, name))) copyFileSync(join(options.source, name), join(folder, name));
  }
  saveTokenizerConfig(folder, options.maxLength, json);
  writeSafetensors(join(folder, 'model.safetensors'), new Map([...parameters, ...options.unused]), { format: 'pt' });
  writeFileSync(join(folder, 'onnx', 'model.onnx'), exportOnnx(ranker, parameters));
  writeFileSync(join(folder, 'README.md'), options.card);
  if (ranker.type === 'bi-encoder') saveSentenceTransformer(folder, ranker, options.maxLength, json);
}

function savedConfig(ranker: RankerSpec, config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { encoder, head } = CLASSES[ranker.architecture.family];
  const saved: Record<string, unknown> = { ...config, architectures: [ranker.nLabels === null ? encoder : head] };
  // The stored floats are float32, whatever the original's were.
  for (const key of ['torch_dtype', 'dtype']) if (key in saved) saved[key] = 'float32';
  if (ranker.nLabels === null) return saved;
  const labels = Array.from({ length: ranker.nLabels }, (_, i) => `LABEL_${i}`);
  // Without the identity, sentence-transformers applies a sigmoid to a single label.
  const identity = 'torch.nn.modules.linear.Identity';
  return {
    ...saved,
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    sentence_transformers: { activation_fn: identity },
    sbert_ce_default_activation_function: identity,
  };
}

function saveTokenizerConfig(folder: string, maxLength: number, json: (name: string, value: unknown) => void): void {
  const path = join(folder, 'tokenizer_config.json');
  const config = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
  json('tokenizer_config.json', { ...config, model_max_length: maxLength });
}

function saveSentenceTransformer(
  folder: string,
  ranker: RankerSpec,
  maxLength: number,
  json: (name: string, value: unknown) => void,
): void {
  const modules = [
    ['', 'Transformer'],
    ['1_Pooling', 'Pooling'],
    ...(ranker.isNormalised ? [['2_Normalize', 'Normalize']] : []),
  ];
  json(
    'modules.json',
    modules.map(([path, kind], idx) => ({
      idx,
      name: String(idx),
      path,
      type: `sentence_transformers.models.${kind}`,
    })),
  );
  for (const [path] of modules) if (path !== '') mkdirSync(join(folder, path!), { recursive: true });
  json('sentence_bert_config.json', { max_seq_length: maxLength, do_lower_case: false });
  json('1_Pooling/config.json', {
    word_embedding_dimension: ranker.architecture.hidden,
    pooling_mode_cls_token: ranker.pooling === 'cls',
    pooling_mode_mean_tokens: ranker.pooling === 'mean',
    pooling_mode_max_tokens: false,
    pooling_mode_mean_sqrt_len_tokens: false,
  });
}
