import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { Pooling } from '../../../src/config/options/names.ts';
import type { ModelType } from '../../../src/vocabulary/model-type.ts';
import { openScorer } from '../../../src/engine/onnx/scorer.ts';
import { encodeOnnx } from '../../../src/graph/onnx.ts';
import { exportOnnx } from '../../../src/model/export-onnx.ts';
import { oracleCase, oracleRanker, oracleSequences } from '../engine/oracle-case.ts';

const CASES: readonly (readonly [string, string, ModelType, Pooling])[] = [
  ['tiny', 'tiny-cross-mse', 'cross-encoder', 'cls'],
  ['tiny-labels4', 'tiny-labels4-cross-mse', 'cross-encoder', 'cls'],
  ['tiny-roberta', 'tiny-roberta-cross-mse', 'cross-encoder', 'cls'],
  ['tiny-distilbert', 'tiny-distilbert-cross-mse', 'cross-encoder', 'cls'],
  ['tiny', 'tiny-cross-mse', 'bi-encoder', 'mean'],
  ['tiny', 'tiny-cross-mse', 'bi-encoder', 'cls'],
];

/** Rows of ids padded to the longest, as a tokenizer would give them. */
function padded(rows: readonly ArrayLike<number>[], tokens: number): ort.Tensor {
  const data = new BigInt64Array(rows.length * tokens);
  rows.forEach((row, i) => Array.from(row).forEach((id, j) => (data[i * tokens + j] = BigInt(id))));
  return new ort.Tensor('int64', data, [rows.length, tokens]);
}

describe('an exported model', () => {
  it.each(CASES)(
    '%s as %3$s, %4$s: gives our scores from input_ids and attention_mask',
    async (folder, name, type, pooling) => {
      const sequences = oracleSequences(oracleCase(name), '');
      const { ranker, parameters } = oracleRanker(folder, type, pooling);
      const scorer = await openScorer(ranker, parameters, { device: 'cpu', threads: null });
      const expected = await scorer.score(sequences);

      const session = await ort.InferenceSession.create(encodeOnnx(exportOnnx(ranker, parameters)));
      const tokens = Math.max(...sequences.map(({ ids }) => ids.length));
      const feeds: Record<string, ort.Tensor> = {
        input_ids: padded(
          sequences.map(({ ids }) => ids),
          tokens,
        ),
        attention_mask: padded(
          sequences.map(({ ids }) => Array.from(ids, () => 1)),
          tokens,
        ),
        token_type_ids: padded(
          sequences.map(({ typeIds }) => typeIds),
          tokens,
        ),
      };
      const outputs = await session.run(Object.fromEntries(session.inputNames.map((input) => [input, feeds[input]!])));
      const found = outputs[type === 'cross-encoder' ? 'logits' : 'sentence_embedding']!;
      expect(found.dims).toEqual([sequences.length, ranker.width]);
      (found.data as Float32Array).forEach((value, i) => expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-5));
      if (type === 'bi-encoder') expect(outputs['last_hidden_state']!.dims).toEqual([sequences.length, tokens, 8]);
    },
  );
});
