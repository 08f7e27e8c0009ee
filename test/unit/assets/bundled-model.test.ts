import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { dequantiseRows } from '../../../src/model/int8-rows.ts';
import { readSafetensors } from '../read-safetensors.ts';

const folder = fileURLToPath(new URL('../../../assets/models/all-MiniLM-L6-v2/', import.meta.url));

test('a row is its integers times its own scale', () => {
  const matrix = dequantiseRows(Int8Array.of(1, -2, 127, 0, 3, -127), Float32Array.of(0.5, 2), 2, 3);
  expect([...matrix]).toEqual([0.5, -1, 63.5, 0, 6, -254]);
  expect(() => dequantiseRows(new Int8Array(5), new Float32Array(2), 2, 3)).toThrow('no matrix of 2 × 3');
});

test('the bundled model has every parameter of its configuration', () => {
  const { tensors } = readSafetensors(`${folder}model.int8.safetensors`);
  const config = JSON.parse(readFileSync(`${folder}config.json`, 'utf8')) as Record<string, number>;
  const { hidden_size: hidden, intermediate_size: inner, vocab_size: vocab } = config;
  expect(tensors.get('embeddings.word_embeddings.weight')?.shape).toEqual([vocab, hidden]);
  expect(tensors.get('encoder.layer.5.intermediate.dense.weight')?.shape).toEqual([inner, hidden]);
  expect(tensors.get('pooler.dense.weight')?.shape).toEqual([hidden, hidden]);
  const names = [...tensors.keys()].filter((name) => !name.endsWith('.scale'));
  // 5 of the embeddings, 16 a layer, 2 of the pooler.
  expect(names).toHaveLength(5 + 16 * config['num_hidden_layers']! + 2);
});

test('every matrix is int8 with a finite scale above 0 for each row', () => {
  const { tensors } = readSafetensors(`${folder}model.int8.safetensors`);
  for (const [name, { dtype, shape }] of tensors) {
    const [rows = 0, cols] = shape;
    expect(dtype, name).toBe(cols === undefined ? 'F32' : 'I8');
    if (cols === undefined) continue;
    const scales = tensors.get(`${name}.scale`)!.floats();
    expect(scales, name).toHaveLength(rows);
    expect(
      scales.every((scale) => Number.isFinite(scale) && scale > 0),
      name,
    ).toBe(true);
  }
});

test('the tokenizer files are there, and the folder says how to pool', () => {
  const tokenizer = JSON.parse(readFileSync(`${folder}tokenizer.json`, 'utf8')) as { model: { vocab: object } };
  expect(Object.keys(tokenizer.model.vocab)).toHaveLength(30522);
  const pooling = JSON.parse(readFileSync(`${folder}1_Pooling/config.json`, 'utf8')) as Record<string, unknown>;
  expect(pooling).toMatchObject({ word_embedding_dimension: 384, pooling_mode_mean_tokens: true });
});
