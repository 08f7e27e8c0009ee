import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sequence } from '../../../src/engine/engine.ts';
import { parseModelConfig } from '../../../src/model/model-config.ts';
import type { Ranker } from '../../../src/model/rankers/ranker.ts';
import { createRanker } from '../../../src/model/rankers/rankers.ts';
import type { FloatTensor } from '../../../src/model/tensor-stream.ts';
import type { Pooling } from '../../../src/config/options/names.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { readSafetensors } from '../read-safetensors.ts';

const folder = fileURLToPath(new URL('../../fixtures/oracle/', import.meta.url));

/** A case computed by PyTorch in float64 (test/oracle/README.md). */
export interface OracleCase {
  readonly info: Readonly<Record<string, unknown>> & { readonly modelFolder: string; readonly loss: number };
  floats(name: string): Float32Array;
  doubles(name: string): Float64Array;
  ints(name: string): Int32Array;
  shape(name: string): readonly number[];
  has(name: string): boolean;
  names(): string[];
}

export function oracleCase(name: string): OracleCase {
  const { tensors, metadata } = readSafetensors(`${folder}${name}.safetensors`);
  const get = (key: string) => {
    const tensor = tensors.get(key);
    if (tensor === undefined)
      throw new Error(`${name} has no ${key}; it has ${[...tensors.keys()].slice(0, 20).join(', ')}`);
    return tensor;
  };
  return {
    info: JSON.parse(metadata.get('case')!) as OracleCase['info'],
    floats: (key) => get(key).floats(),
    doubles: (key) => new Float64Array(get(key).data.slice(0)),
    ints: (key) => {
      const { dtype, data } = get(key);
      const bytes = data.slice(0);
      return dtype === 'I32'
        ? new Int32Array(bytes)
        : Int32Array.from(dtype === 'I16' ? new Int16Array(bytes) : new Uint8Array(bytes));
    },
    shape: (key) => get(key).shape,
    has: (key) => tensors.has(key),
    names: () => [...tensors.keys()],
  };
}

/** The model of a case as a ranker with its parameters; a bi-encoder drops the head and the `bert.` prefix. */
export function oracleRanker(
  modelFolder: string,
  type: ModelType,
  pooling: Pooling,
): { ranker: Ranker; parameters: Map<string, FloatTensor> } {
  const config = JSON.parse(readFileSync(`${folder}${modelFolder}/config.json`, 'utf8')) as Record<string, unknown>;
  const stored = readSafetensors(`${folder}${modelFolder}/model.safetensors`).tensors;
  const classifier = [...stored].find(([name]) => /classifier\.(out_proj\.)?weight$/.test(name));
  const options = { nLabels: classifier?.[1].shape[0] ?? 1, pooling, isNormalised: true };
  const ranker = createRanker(type, parseModelConfig(config, modelFolder), options);
  const parameters = new Map<string, FloatTensor>();
  for (const { name, shape } of ranker.specs) {
    const tensor = stored.get(name) ?? stored.get(`bert.${name}`);
    if (tensor === undefined) throw new Error(`${modelFolder} has no ${name}`);
    parameters.set(name, { shape, data: tensor.floats() });
  }
  return { ranker, parameters };
}

/** The rows of a case's padded ids as sequences. */
export function oracleSequences(oracle: OracleCase, prefix: string, index?: number): Sequence[] {
  const suffix = index === undefined ? '' : `.${index}`;
  const [ids, typeIds, mask] = ['ids', 'typeIds', 'mask'].map((key) => oracle.ints(`${prefix}${key}${suffix}`));
  const [batch, tokens] = oracle.shape(`${prefix}ids${suffix}`) as [number, number];
  return Array.from({ length: batch }, (_, i) => {
    const row = i * tokens;
    const length = mask!.subarray(row, row + tokens).reduce((sum, value) => sum + value, 0);
    return { ids: ids!.slice(row, row + length), typeIds: typeIds!.slice(row, row + length) };
  });
}
