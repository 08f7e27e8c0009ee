import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AutoModel, AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import type { ModelType } from '../config/options/names.ts';
import { readJsonObject } from '../files/json-file.ts';
import { isObject } from '../vocabulary/check.ts';

/** A saved model as its users run it: through transformers.js, from the folder alone. */
export interface ExportedModel {
  /** Logits `[labels]` of each pair (cross-encoder), or sentence embedding `[hidden]` of each text (bi-encoder). */
  run(texts: readonly string[], pairs?: readonly string[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** Loads `onnx/model.onnx` and the tokenizer of a saved folder; the network is never touched. */
export async function openExportedModel(folder: string, type: ModelType): Promise<ExportedModel> {
  requireDataFiles(folder);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const id = basename(folder);
  const options = { dtype: 'fp32', device: 'cpu' } as const;
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const model =
    type === 'cross-encoder'
      ? await AutoModelForSequenceClassification.from_pretrained(id, options)
      : await AutoModel.from_pretrained(id, options);
  return {
    async run(texts, pairs) {
      const inputs = tokenizer([...texts], {
        ...(pairs === undefined ? {} : { text_pair: [...pairs] }),
        padding: true,
        truncation: true,
      }) as Record<string, unknown>;
      const outputs = (await model(inputs)) as Record<string, { data: Float32Array; dims: readonly number[] }>;
      const output = outputs[type === 'cross-encoder' ? 'logits' : 'sentence_embedding']!;
      const width = output.dims[1]!;
      return texts.map((_, i) => output.data.slice(i * width, (i + 1) * width));
    },
    async dispose() {
      await model.dispose();
    },
  };
}

/** transformers.js 4.3 never answers, and leaves a rejection that nobody handles, when a data file beside the model is missing. */
function requireDataFiles(folder: string): void {
  const config = readJsonObject(join(folder, 'config.json'), { code: 'bad-model-config', mostBytes: 16e6 });
  const ours = config['transformers.js_config'];
  const format = isObject(ours) ? ours['use_external_data_format'] : undefined;
  const nFiles = isObject(format) ? Number(format['model.onnx'] ?? 0) : 0;
  for (let i = 0; i < nFiles; i++) {
    const path = join(folder, 'onnx', `model.onnx_data${i === 0 ? '' : `_${i}`}`);
    if (!existsSync(path)) throw new Error(`${path} is missing`);
  }
}
