import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AutoModel, AutoModelForSequenceClassification, AutoTokenizer, env } from '@huggingface/transformers';
import { readJsonObject } from '../files/json-file.ts';
import type { ExportedForm } from '../model/rankers/ranker.ts';
import type { Texts } from '../tokenise/texts.ts';
import { isObject } from '../vocabulary/check.ts';

/** A saved model as its users run it: through transformers.js, from the folder alone. */
export interface ExportedModel {
  /** Outputs `[n, width]` of the texts in their order, row-major. */
  run(texts: readonly Texts[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

const CLASSES = {
  'sequence-classification': AutoModelForSequenceClassification,
  'feature-extraction': AutoModel,
} as const satisfies Record<ExportedForm['task'], unknown>;

/** Loads `onnx/model.onnx` and the tokenizer of a saved folder; the network is never touched. */
export async function openExportedModel(folder: string, { task, output }: ExportedForm): Promise<ExportedModel> {
  requireDataFiles(folder);
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const id = basename(folder);
  const tokenizer = await AutoTokenizer.from_pretrained(id);
  const model = await CLASSES[task].from_pretrained(id, { dtype: 'fp32', device: 'cpu' });
  return {
    async run(texts) {
      const products = texts.flatMap(([, product]) => (product === undefined ? [] : [product]));
      const inputs = tokenizer(
        texts.map(([text]) => text),
        { ...(products.length === 0 ? {} : { text_pair: products }), padding: true, truncation: true },
      ) as Record<string, unknown>;
      const outputs = (await model(inputs)) as Record<string, { data: Float32Array }>;
      return outputs[output]!.data;
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
